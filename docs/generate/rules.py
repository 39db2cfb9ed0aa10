"""A page for each shipped pack: its rules, with all that the pack says of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from docs.generate.markdown import code, fenced, prose, table
from patcher.edits.kinds import KINDS
from patcher.model import Need, Pack, Rule, Section
from patcher.packs import load_pack, shipped_packs

_NOTE = "<!-- Made by `python -m docs.generate` from the pack: edit that, not this page. -->"


def generators() -> dict[str, Callable[[], bytes]]:
    """The page of each pack."""
    return {f"docs/reference/rules/{name}.md": partial(page, name) for name in shipped_packs()}


def overview() -> str:
    """A table of the shipped packs."""
    packs = map(load_pack, shipped_packs())
    rows = (
        [f"[{code(each.name)}]({each.name}.md)", prose(each.title), str(_number(each))]
        for each in packs
    )
    return table(["pack", "for", "rules"], rows)


def page(name: str) -> bytes:
    """The page of a pack."""
    pack = load_pack(name)
    base = _base(pack)
    parts = [f"# Rules of {name}", _NOTE, *_head(pack), _contents(pack, base)]
    for section in pack.sections:
        own = [rule for rule in section.rules if not _as_in_base(section, rule, base)]
        if own:
            parts.append(f"## {section.path}")
        parts += [part for rule in own for part in _rule(section, rule)]
    return ("\n\n".join(parts) + "\n").encode()


def _number(pack: Pack) -> int:
    return len(list(pack.entries()))


def _base(pack: Pack) -> Pack | None:
    return load_pack(pack.revises[0]) if pack.revises else None


def _head(pack: Pack) -> Iterator[str]:
    yield f"{prose(pack.title)}. How to read a rule is in [Rules](README.md)."
    pin = pack.upstream
    facts = [f"Pack: {code(pack.name)}, {_number(pack)} rules"]
    if pin:
        commit = f"<{pin.repository}>, commit {code(pin.commit)}"
        facts.append(f"Upstream: {code(pin.name)}, {commit}")
    if pack.revises:
        base = pack.revises[0]
        facts.append(
            f"Revises: [{code(base)}]({base}.md). Only the rules that differ from it are shown "
            "below the table."
        )
    if pack.runtime:
        facts.append(f"Runtime: {', '.join(map(code, pack.runtime.packages))}")
    if pack.needed_with:
        needed = (f"{name} {version}" for name, version in pack.needed_with.items())
        facts.append(f"Needed with: {', '.join(map(code, needed))}")
    yield "\n".join(f"- {fact}" for fact in facts)


def _contents(pack: Pack, base: Pack | None) -> str:
    rows = []
    for id_, section, rule in pack.entries():
        same = _as_in_base(section, rule, base)
        where = f"{same[0]}.md#{_anchor(same[1])}" if same else f"#{_anchor(id_)}"
        rows.append([f"[{code(id_)}]({where})", prose(rule.title)])
    return table(["rule", "what it does"], rows)


def _anchor(id_: str) -> str:
    return id_.replace("/", "")


def _as_in_base(section: Section, rule: Rule, base: Pack | None) -> tuple[str, str] | None:
    """The pack and id of the rule that a revision has unchanged from its base, or from that one's.

    None where the revision has a rule of its own.
    """
    while base:
        for id_, other, each in base.entries():
            if other.path == section.path and replace(each, item=rule.item) == rule:
                deeper = _as_in_base(other, each, _base(base))
                return deeper or (base.name, id_)
        return None
    return None


def _rule(section: Section, rule: Rule) -> Iterator[str]:
    yield f"### {section.id_of(rule)}"
    yield f"**{prose(rule.title[:1].upper() + rule.title[1:])}.**"
    yield "\n".join(f"- {fact}" for fact in _facts(section, rule))
    blocks: Mapping[str, str] = {
        **{f"{key.capitalize()}:": value for key, value in _place(rule).items() if "\n" in value},
        "Before:": rule.before,
        "After:": rule.after,
        "In the document:": rule.stated or "",
    }
    for label, quote in blocks.items():
        if quote:
            yield f"{label}\n\n{fenced(quote, 'python')}"
    for index, quote in enumerate(rule.ignores):
        label = "" if index else "Left alone, although it looks similar:\n\n"
        yield f"{label}{fenced(quote, 'python')}"


def _facts(section: Section, rule: Rule) -> Iterator[str]:
    if rule.stated != "":
        yield f"Document: {code(section.heading)}, item {rule.item}"
    else:
        yield "Document: has no such item"
    kind = rule.edit.kind
    yield f"Edit: {rule.verb.lower()}, [{code(kind)}](../edit-kinds.md#edit-kinds)"
    place = [f"{key} {code(value)}" for key, value in _place(rule).items() if "\n" not in value]
    yield f"Place: {', '.join(place) if place else 'module level'}"
    whose = "the document's reason" if rule.whose == "document" else "our reason"
    yield f"Why ({whose}): {prose(rule.why)}"
    if rule.deviation:
        yield f"Our choice: {prose(rule.deviation)}"
    for need in rule.needs:
        yield f"Needs: {_need(need)}"


def _place(rule: Rule) -> Mapping[str, str]:
    """The keys of its kind that a rule has."""
    names = KINDS[rule.edit.kind].keys()
    values = ((name, getattr(rule.edit, name).strip("\n")) for name in names)
    return {name: value for name, value in values if value}


def _need(need: Need) -> str:
    groups = (("sets", need.sets), ("defines", need.binds), ("takes", need.takes))
    does = [f"{verb} {', '.join(map(code, names))}" for verb, names in groups if names]
    place = f"{code(need.within)} in {code(need.file)}" if need.within else code(need.file)
    return f"{place} {', '.join(does)}"
