"""A file on its way from one version to the other: rules are tried on it, and kept."""

from __future__ import annotations

import ast
import gc
from bisect import insort
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from typing import NamedTuple

from patcher.drafting.from_port.candidates import candidates
from patcher.drafting.from_port.edit import Edit, Versions, joined
from patcher.engine import plan_alone
from patcher.errors import PatchError
from patcher.model import Pack, Rule, Section, State

_COLLECTED = 50  # trials after which their syntax trees are freed
_NEAR = 2  # edits to either side with which one is joined
_SHORT = 30  # lines of a statement that is rewritten where edits inside of it cannot be made


# What a rule makes of a version of a file, None where it does not fit; by these bytes and `key`.
Known = dict[tuple[bytes, str], bytes | None]


class Kept(NamedTuple):
    """An edit that a rule makes: where it starts in the old file, and by how much that grows."""

    start: int
    number: int
    growth: int


class Close(Enum):
    """In what a file that a rule leaves may differ from the wanted one, where none makes that."""

    INDENT = 1
    LAYOUT = 2  # indents, comments and blank lines


class _State(NamedTuple):
    """How far a trial is."""

    lines: list[bytes]
    rules: tuple[Rule, ...]
    contents: tuple[bytes, ...]
    kept: tuple[Kept, ...]
    made: dict[int, Edit]


class Trial:
    """A file, the rules that are kept so far, and what they make of it."""

    def __init__(
        self,
        versions: Versions,
        root: str,
        unfit: frozenset[str] = frozenset(),
        stubborn: Collection[int] = (),
        known: Known | None = None,
    ) -> None:
        """Nothing is made yet.

        Args:
            versions: The file.
            root: The folder that imports start from.
            unfit: Rules that are not tried, as `key` names them.
            stubborn: The ids of edits that no rule makes, and that are joined with others.
            known: What other trials of the file have found; this one adds to it.
        """
        self.versions, self.root, self.unfit, self.stubborn = versions, root, unfit, stubborn
        self.lines = list(versions.old.lines)
        self.rules = list[Rule]()
        self.contents = list[bytes]()  # the file after each of the rules
        self._kept = list[Kept]()
        self._made = dict[int, Edit]()
        self._known = {} if known is None else known
        self._numbers = dict[int, int]()
        self.tried = 0

    @property
    def _state(self) -> _State:
        """What is kept so far, to return to."""
        return _State(self.lines, (*self.rules,), (*self.contents,), (*self._kept,), {**self._made})

    @_state.setter
    def _state(self, state: _State) -> None:
        self.lines, self._made = state.lines, {**state.made}
        self.rules, self.contents = [*state.rules], [*state.contents]
        self._kept = [*state.kept]

    @property
    def number_made(self) -> int:
        """How many edits are made."""
        return len(self._made)

    @property
    def content(self) -> bytes:
        """The file as the rules leave it."""
        return b"".join(self.lines)

    def make_all(self, edits: Sequence[Edit]) -> None:
        """Find rules that make the edits of a block; those that need others join these."""
        states = list[_State]()
        for index, edit in enumerate(edits):
            states.append(self._state)
            if not self.make(edit) and id(edit) in self.stubborn:
                places = range(max(index - _NEAR, 0), min(index + _NEAR + 1, len(edits)))
                for other in sorted(places, key=lambda place: abs(place - index)):
                    first, last = min(index, other), max(index, other)
                    if other != index and self._make_joined(edits[first : last + 1], states[first]):
                        break

    def _make_joined(self, edits: Sequence[Edit], before: _State) -> bool:
        """Make several edits as one, from how things were before the first."""
        whole = joined(edits[0], edits[-1])
        if whole is None or any(id(edit) in before.made for edit in edits):
            return False
        now, self._state = self._state, before
        if self._make_as_one(whole, Close.INDENT):
            self._made |= {id(edit): edit for edit in edits}
            return True
        self._state = now
        return False

    def left(self, edits: Sequence[Edit]) -> Iterator[Edit]:
        """Those of some edits that are not made, and such ones inside of them."""
        for edit in edits:
            if id(edit) not in self._made:
                yield edit
                yield from self.left(edit.inner)

    def make(self, edit: Edit) -> bool:
        """Find rules that make an edit, or parts of it; whether it is made in full."""
        if id(edit) in self._made:
            return True
        if edit.inner:
            is_made = self._make_inside(edit)
        else:
            is_made = self._make_as_one(edit) or self._make_pieces(edit)
        if is_made:
            self._made[id(edit)] = edit
        return is_made

    def _make_pieces(self, edit: Edit) -> bool:
        made = [self.make(each) for each in edit.pieces]
        return bool(made) and all(made)

    def _make_inside(self, edit: Edit) -> bool:
        """Make the edits inside of a statement.

        Where not all can be made, some are joined; else a short statement is made as a whole.
        """
        before = self._state
        self.make_all(edit.inner)
        if self._is_made(edit):
            return True
        inside = self._state
        if max(len(edit.old), len(edit.new)) > _SHORT:
            return False
        if self._make_joined_inside(edit, before):
            return True
        self._state = before
        is_better = len(inside.rules) == len(before.rules)
        if self._make_as_one(edit, Close.LAYOUT if is_better else Close.INDENT):
            return True
        self._state = inside
        return False

    def _make_joined_inside(self, edit: Edit, before: _State) -> bool:
        """Make the edits inside of a statement, those that no rule makes joined with others."""
        stubborn, left = self.stubborn, {id(each) for each in self.left(edit.inner)}
        if not left:
            return False
        self._state, self.stubborn = before, {*stubborn, *left}
        self.make_all(edit.inner)
        self.stubborn = stubborn
        return self._is_made(edit)

    def _make_as_one(self, edit: Edit, how_close: Close = Close.LAYOUT) -> bool:
        """Keep the first rule that makes an edit exactly, else one that does so but for layout."""
        place = self._place(edit)
        new = self.versions.new.lines[edit.new.start : edit.new.stop]
        target = [*self.lines[: place.start], *new, *self.lines[place.stop :]]
        close = list[tuple[Rule, list[bytes]]]()
        for rule in candidates(edit, self.versions):
            if key(rule) in self.unfit:
                continue
            found = self._after(rule)
            if found == b"".join(target):
                self._keep(rule, edit, target)
                return True
            if found is not None:
                close.append((rule, found.splitlines(keepends=True)))
        close = [each for each in close if self._is_elsewhere_equal(each[1], place)]
        for is_close in (_differ_in_indents, _differ_in_layout)[: how_close.value]:
            for rule, lines in close:
                if is_close(lines, target):
                    self._keep(rule, edit, lines)
                    return True
        return False

    def _is_made(self, edit: Edit) -> bool:
        """Whether the lines of a statement are as in the new file."""
        first, end = self._place(edit), edit.old.stop
        own = {self._number(each) for each in _within(edit)}  # some may add lines at its end
        inside = (k for k in self._kept if k.start < end or (k.start == end and k.number in own))
        stop = end + sum(kept.growth for kept in inside)
        new = self.versions.new.lines[edit.new.start : edit.new.stop]
        return self.lines[first.start : stop] == new

    def _is_elsewhere_equal(self, lines: list[bytes], place: range) -> bool:
        tail = len(self.lines) - place.stop
        head_same = lines[: place.start] == self.lines[: place.start]
        return head_same and lines[len(lines) - tail :] == self.lines[place.stop :]

    def _keep(self, rule: Rule, edit: Edit, lines: list[bytes]) -> None:
        growth = len(lines) - len(self.lines)
        insort(self._kept, Kept(edit.old.start, self._number(edit), growth))
        self.rules.append(replace(rule, item=len(self.rules) + 1))
        self.lines = lines
        self.contents.append(self.content)

    def _place(self, edit: Edit) -> range:
        """The lines of an edit in the file as it is now."""
        mine = edit.old.start, self._number(edit)
        shift = sum(kept.growth for kept in self._kept if kept[:2] < mine)
        return range(edit.old.start + shift, edit.old.stop + shift)

    def _number(self, edit: Edit) -> int:
        """The place of an edit among all, in the order in which they are met first."""
        return self._numbers.setdefault(id(edit), len(self._numbers))

    def _after(self, rule: Rule) -> bytes | None:
        """What a rule alone makes of the file as it is now; None where it does not fit."""
        asked = self.content, key(rule)
        if asked not in self._known:
            self._known[asked] = self._planned(rule)
        return self._known[asked]

    def _planned(self, rule: Rule) -> bytes | None:
        self.tried += 1
        if self.tried % _COLLECTED == 0:
            gc.collect()  # as commands switch the collector off, and syntax trees are cycles
        path = self.versions.path
        section = Section(path, path, (rule,), "trial", "", self.root)
        try:
            (file,) = plan_alone([Pack("trial", (section,))], {path: self.content}).files
        except PatchError:
            return None
        states = [outcome.state for outcome in file.outcomes]
        after = [outcome.state for outcome in file.outcomes_after]
        if states == [State.PENDING] and after == [State.APPLIED] and file.changed:
            return file.after
        return None


def _within(edit: Edit) -> Iterator[Edit]:
    """The edits inside of one, and inside of these."""
    for each in (*edit.inner, *edit.pieces):
        yield each
        yield from _within(each)


def _differ_in_indents(one: Sequence[bytes], other: Sequence[bytes]) -> bool:
    """Whether two versions are the same but for indents."""
    texts = [[line.strip() for line in lines] for lines in (one, other)]
    return texts[0] == texts[1] and _differ_in_layout(one, other)


def _differ_in_layout(one: Sequence[bytes], other: Sequence[bytes]) -> bool:
    return means(b"".join(one), b"".join(other))


def means(one: bytes, other: bytes) -> bool:
    """Whether two files are the same code, whatever their comments and blank lines."""
    try:
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))
    except (SyntaxError, ValueError, RecursionError):
        return False


def key(rule: Rule) -> str:
    """What a rule is known by among those of its file, whatever its number."""
    return repr((rule.edit, rule.before, rule.after))
