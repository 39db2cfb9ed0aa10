"""A pack from a hand-made port: a rule for each of its smallest edits, and what none expresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from patcher.drafting.draft import Draft, DraftPack, DraftSection, Mark
from patcher.drafting.from_port.file_rules import file_rules
from patcher.drafting.from_port.inferred import FileResult, Inferred, hunks
from patcher.drafting.from_port.port import Port
from patcher.drafting.from_port.trial import Known, key, means
from patcher.engine import plan
from patcher.model import Pack, Pin, Plan, Rule, State
from patcher.tree.files import digest

_ROUNDS = 12  # in which rules that do not go together are left out

# What is called with each file before work on it starts, and with the number of all.
Progress = Callable[[str, int], None]


def infer(
    name: str, port: Port, pin: Pin, progress: Progress = lambda path, total: None
) -> Inferred:
    """The pack of a name that makes a port, as far as rules can.

    Args:
        name: The name of the pack.
        port: What the port changes.
        pin: The upstream that it was made from, without digests.
        progress: Is told of each file.
    """
    unfit = dict[str, frozenset[str]]()
    rules = dict[str, tuple[Rule, ...]]()
    why, known = dict[str, str](), dict[str, Known]()
    todo = [*port.files]
    for _ in range(_ROUNDS):
        for path in todo:
            progress(path, len(port.files))
            memory = known.setdefault(path, {})
            rules[path], why[path] = file_rules(path, port, pin.root, unfit, memory)
        drafted = _drafted(name, rules, pin, port)
        planned = plan([drafted.pack()], port.python)
        misfits = _misfits(drafted.pack(), planned)
        if not misfits:
            break
        for path, keys in misfits.items():
            unfit[path] = unfit.get(path, frozenset()) | keys
        todo = [*misfits]
    else:
        rules |= dict.fromkeys(misfits, ())
        drafted = _drafted(name, rules, pin, port)
        planned = plan([drafted.pack()], port.python)
    return Inferred(drafted, tuple(_results(port, rules, why, planned)), port)


def _misfits(pack: Pack, planned: Plan) -> dict[str, frozenset[str]]:
    """The rules of a pack that are not made with all others, by the paths of their files."""
    bad = {outcome.id for outcome in planned.outcomes if outcome.state is not State.PENDING}
    found = dict[str, frozenset[str]]()
    for id_, section, rule in pack.entries():
        if id_ in bad:
            found[section.path] = found.get(section.path, frozenset()) | {key(rule)}
    return found


def _drafted(name: str, rules: Mapping[str, Sequence[Rule]], pin: Pin, port: Port) -> DraftPack:
    paths = [path for path in port.files if rules[path]]
    digests = {path: digest(port.files[path][0]) for path in paths}
    sections = [
        DraftSection(
            path.rpartition("/")[2], path, tuple(Draft(r, Mark.BY_PORT) for r in rules[path])
        )
        for path in paths
    ]
    drafted = DraftPack(name, f"The edits of {name}", replace(pin, sha256=digests), tuple(sections))
    return with_groups(drafted)


def with_groups(drafted: DraftPack) -> DraftPack:
    """The pack, with the rule that comes first among equal ones named in the others."""
    return replace(drafted, sections=tuple(_grouped(drafted)))


def _grouped(drafted: DraftPack) -> Iterator[DraftSection]:
    first = dict[str, str]()
    for name, section in zip(drafted.names(), drafted.sections, strict=True):
        drafts = list[Draft]()
        for draft in section.drafts:
            rule, id_ = draft.rule, f"{name}-{draft.rule.item}"
            equal = first.setdefault(repr((rule.edit.kind, rule.before, rule.after)), id_)
            drafts.append(replace(draft, found="" if equal == id_ else f"as {equal}"))
        yield replace(section, drafts=tuple(drafts))


def _results(
    port: Port, rules: Mapping[str, tuple[Rule, ...]], why: Mapping[str, str], planned: Plan
) -> Iterator[FileResult]:
    made = {file.path: file.after for file in planned.files}
    for path, (before, after) in port.files.items():
        changed = sum(hunk.removed + hunk.added for hunk in hunks(before, after))
        left = tuple(hunks(made.get(path, before), after))
        is_layout = bool(left) and means(made.get(path, before), after)
        yield FileResult(path, rules[path], changed, left, is_layout, why[path])
