"""The receipt, `.effpatch.json` in the tree: what was done, and what it takes to go back."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from patcher.errors import BadReceipt
from patcher.model import FilePlan, Nearest, Outcome, Pack, Section, Site, State, TreePlan
from patcher.resources import __version__
from patcher.tree.files import Tree, digest, is_plain

NAME = ".effpatch.json"


@dataclass(frozen=True, slots=True)
class Record:
    """One patched file.

    Attributes:
        rules: Ids of the rules whose edits effpatch made in it.
        after: SHA-256 of the file as effpatch left it.
        original: Its bytes before.
    """

    rules: tuple[str, ...]
    after: str
    original: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What effpatch did to a tree.

    Attributes:
        version: Of effpatch.
        packs: SHA-256 of the rules of each pack used, by name, in order.
        commit: The commit that was checked out; None where there was none.
        files: What was done to each file, by path.
        outcomes: How every rule of the packs stands since; empty where not all were chosen.
        runtime: SHA-256 of each file of the runtime that was put into the tree, by path.
    """

    version: str
    packs: Mapping[str, str]
    commit: str | None
    files: Mapping[str, Record]
    outcomes: tuple[Outcome, ...] = ()
    runtime: Mapping[str, str] = field(default_factory=dict)

    def edited(self, files: Mapping[str, bytes]) -> list[str]:
        """The patched files that are neither as effpatch left them nor as they were before."""
        return [
            path
            for path, record in self.files.items()
            if files.get(path) != record.original
            and (path not in files or digest(files[path]) != record.after)
        ]

    def made(self, files: Mapping[str, bytes]) -> set[str]:
        """Ids of the rules whose edits stand in the tree, as far as its files are not put back."""
        there = (r for path, r in self.files.items() if files.get(path) != r.original)
        return {id_ for record in there for id_ in record.rules}

    def untouched(self, files: Mapping[str, bytes]) -> bool:
        """Whether every patched file is as effpatch left it."""
        return all(
            path in files and digest(files[path]) == record.after
            for path, record in self.files.items()
        )

    def plan(self, files: Mapping[str, bytes]) -> TreePlan:
        """The plan of a tree that the outcomes tell of: nothing changes."""
        plans = []
        for path, content in files.items():
            outcomes = tuple(outcome for outcome in self.outcomes if outcome.file == path)
            plans.append(FilePlan(path, content, content, outcomes))
        return TreePlan(tuple(self.packs), tuple(plans))

    def answers(self, packs: Sequence[Pack], files: Mapping[str, bytes]) -> bool:
        """Whether the outcomes say how these packs stand, so that nothing need be parsed."""
        told = {outcome.file for outcome in self.outcomes}
        return (
            self.version == __version__
            and dict(self.packs) == fingerprints(packs)
            and set(self.files) == told == set(files)
            and self.untouched(files)
        )


def fingerprints(packs: Sequence[Pack]) -> dict[str, str]:
    """SHA-256 of the rules of each pack, by name."""
    rules = {pack.name: [(s.heading, s.rules) for s in pack.sections] for pack in packs}
    return {name: digest(repr(each).encode()) for name, each in rules.items()}


def read(tree: Tree) -> Receipt | None:
    """The tree's receipt; None where there is none.

    Raises:
        BadReceipt: It cannot be understood.
        PatchError: It cannot be read, or leads out of the tree.
    """
    content = tree.read([NAME]).get(NAME)
    if content is None:
        return None
    try:
        values = json.loads(content)
        return Receipt(
            values["effpatch"],
            {pack["name"]: pack["sha256"] for pack in values["packs"]},
            values["commit"],
            {path: _record(path, entry) for path, entry in values["files"].items()},
            tuple(_outcome(entry) for entry in values["outcomes"]),
            {_plain(path): str(after) for path, after in values.get("runtime", {}).items()},
        )
    except RecursionError:
        raise BadReceipt(NAME, "nested too deeply") from None
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        raise BadReceipt(NAME, str(error)) from None


def write(receipt: Receipt) -> bytes:
    """The receipt as it stands in its file."""
    values = {
        "effpatch": receipt.version,
        "packs": [{"name": name, "sha256": value} for name, value in receipt.packs.items()],
        "commit": receipt.commit,
        "files": {
            path: {
                "rules": record.rules,
                "before": digest(record.original),
                "after": record.after,
                "original": base64.b64encode(zlib.compress(record.original)).decode(),
            }
            for path, record in receipt.files.items()
        },
        "outcomes": [asdict(outcome) for outcome in receipt.outcomes],
        "runtime": receipt.runtime,
    }
    return (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode()


def updated(
    old: Receipt | None,
    plan: TreePlan,
    packs: Sequence[Pack],
    known: Mapping[str, Pack],
    commit: str | None,
    runtime: Mapping[str, str],
) -> Receipt:
    """The receipt of a tree when a plan has been carried out.

    Args:
        old: The receipt before, if there was one.
        plan: The plan.
        packs: The plan's packs.
        known: All packs there are, by name; `old` may tell of others than the plan's.
        commit: The commit that is checked out.
        runtime: SHA-256 of the runtime's files that come with it, by path.
    """
    used = {**(old.packs if old else {}), **fingerprints(packs)}
    sections = [s for name in used if name in known for s in known[name].sections]
    files = dict(old.files) if old else {}
    for file in plan.changed:
        files[file.path] = _recorded(files.get(file.path), file, sections)
    everything = {id_ for pack in packs for id_, _, _ in pack.entries()}
    outcomes = plan.outcomes_after
    whole = {outcome.id for outcome in outcomes} == everything
    runtime = {**(old.runtime if old else {}), **runtime}
    return Receipt(__version__, used, commit, files, outcomes if whole else (), runtime)


def _recorded(last: Record | None, file: FilePlan, sections: Sequence[Section]) -> Record:
    """What is recorded of a file that a plan has changed, and `last` was before.

    A file that was edited by hand between two runs counts as edited from then on: single edits
    can be undone in it, but going back as a whole would lose the edits by hand.
    """
    from patcher import engine

    made = tuple(o.id for o in file.outcomes if o.state is State.PENDING)
    if last is None or file.before == last.original or set(last.rules) <= set(made):
        return Record(made, digest(file.after), file.before)
    after, rules = file.after, tuple(dict.fromkeys(last.rules + made))
    if last.after != digest(file.before):
        mine = [section for section in sections if section.path == file.path]
        after = engine.redone(mine, last.original, rules)
    return replace(last, rules=rules, after=digest(after))


def _plain(path: str) -> str:
    if not is_plain(path):
        raise ValueError(f"{path!r} is no path of a tree")
    return path


def _record(path: str, entry: dict[str, object]) -> Record:
    _plain(path)
    original = zlib.decompress(base64.b64decode(str(entry["original"])))
    if digest(original) != entry["before"]:
        raise ValueError("a file's original bytes do not have the SHA-256 given")
    rules = entry["rules"]
    if not isinstance(rules, list):
        raise ValueError("a file's rules are no list")
    return Record(tuple(map(str, rules)), str(entry["after"]), original)


def _outcome(entry: dict[str, object]) -> Outcome:
    nearest, sites = entry.pop("nearest"), entry.pop("sites")
    if not isinstance(sites, list):
        raise ValueError("a rule's sites are no list")
    return Outcome(
        **{**entry, "state": State(entry["state"])},  # type: ignore[arg-type]
        sites=tuple(Site(s["line"], s["column"], State(s["state"])) for s in sites),
        nearest=Nearest(**nearest) if isinstance(nearest, dict) else None,
    )
