"""Code written in other ways: every rule does the same to it, and nothing to what is like it."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from textwrap import indent

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from patcher.document.gaps import embedded
from patcher.edits.base import edit_kind
from patcher.edits.kinds import CallArgument
from patcher.engine.aliases import imported
from patcher.model import FilePlan, Rule, State
from tests.rule_check import DOCUMENTED, ENTRIES, MINIATURE, planned
from tests.variants import CRLF, WAYS, depth, meaning, try_often, written

QUOTED = [id_ for id_, (_, rule) in ENTRIES.items() if rule.before]
SECTIONS = {section.path: section for section in DOCUMENTED.sections}
some_ways = st.lists(st.sampled_from([*WAYS, CRLF]), max_size=6, unique=True)


@cache
def patched(path: str) -> str:
    return meaning(planned(SECTIONS[path], MINIATURE[path]).after.decode())


def states(file: FilePlan) -> dict[str, State]:
    return {outcome.id: outcome.state for outcome in file.outcomes}


@pytest.mark.parametrize("way", [*WAYS, CRLF])
def test_every_way_is_another_one(way: str) -> None:
    assert any(written(code.decode(), [way]) != code.decode() for code in MINIATURE.values())


@depth(20, 400)
def test_the_miniature_in_other_ways_is_patched_alike(count: int) -> None:
    try_often(check_miniature, count, st.sampled_from(list(SECTIONS)), some_ways)


@pytest.mark.parametrize("way", [*WAYS, CRLF])
def test_the_miniature_in_any_one_way_is_patched_alike(way: str) -> None:
    for path in SECTIONS:
        check_miniature(path, [way])


def check_miniature(path: str, ways: list[str]) -> None:
    """Unless these ways leave the file as it is."""
    section, original = SECTIONS[path], MINIATURE[path].decode()
    code = written(original, ways)
    if code == original:
        return
    file = planned(section, code.encode())
    assert set(states(file).values()) == {State.PENDING}, states(file)
    after = file.after.decode()
    assert meaning(after) == patched(path)
    again = planned(section, file.after)
    assert set(states(again).values()) == {State.APPLIED}, states(again)
    assert again.after == file.after


FUNCTIONS = {
    (section.path, rule.edit.within)
    for section in DOCUMENTED.sections
    for rule in section.rules
    if rule.edit.within and "." not in rule.edit.within
}


@depth(20, 400)
def test_every_edit_that_follows_its_code_is_made_once(count: int) -> None:
    try_often(check_moved, count, st.sampled_from(sorted(FUNCTIONS)), some_ways)


def check_moved(place: tuple[str, str], ways: list[str]) -> None:
    path, name = place
    code = MINIATURE[path].decode().replace(f"def {name}(", "def elsewhere(")
    file = planned(SECTIONS[path], written(code, ways).encode())
    then_planned = planned(SECTIONS[path], file.after)
    for outcome, then in zip(file.outcomes, then_planned.outcomes, strict=True):
        done = outcome.state in (State.PENDING, State.APPLIED)
        assert then.state is (State.APPLIED if done else outcome.state), outcome
    assert then_planned.after == file.after
    assert file.outcomes_after in ((), then_planned.outcomes)


def test_what_tells_its_place_is_followed() -> None:
    path = "efficientdet/main.py"
    code = MINIATURE[path].decode().replace("def main(", "def train(")
    found = states(planned(SECTIONS[path], code.encode()))
    assert {id_ for id_, state in found.items() if state is not State.PENDING} == {
        "main-13",
        "main-15",
    }


@depth(200, 3000)
def test_a_quote_in_other_ways_is_patched_alike(count: int) -> None:
    try_often(check_quote, count, st.sampled_from(QUOTED), some_ways)


def check_quote(id_: str, ways: list[str]) -> None:
    section, rule = ENTRIES[id_]
    # An import that an edit replaces by something else is a statement, and stands as it is quoted.
    assume(rule.edit.is_import or "a line per name" not in ways)
    # With names of its own, a file that has one on each line gets one on each line as well, which
    # means the same and is not the quote's one line.
    assume(not {"a line per name", "further names"} <= {*ways})
    file = planned(section, written(embedded(rule, rule.before), ways).encode(), {id_})
    assert states(file) == {id_: State.PENDING}
    after = file.after.decode()
    assert meaning(after) == meaning(written(embedded(rule, rule.after), []))
    again = planned(section, file.after, {id_})
    assert states(again) == {id_: State.APPLIED}
    assert again.after == file.after


def twice(rule: Rule) -> str:
    open_brackets = rule.before.count("(") - rule.before.count(")")
    if open_brackets or isinstance(rule.edit, CallArgument):  # which no call has twice
        return ""
    return embedded(rule, f"{rule.before.rstrip()}\n{filling(rule)}{rule.before}")


def filling(rule: Rule) -> str:
    """What a header needs for a block, where the quote is repeated behind it."""
    return (
        f"    {getattr(rule.edit, 'holding', '') or 'pass'}\n"
        if rule.before.rstrip().endswith(":")
        else "\n"
    )


def in_two_others(rule: Rule) -> str:
    scope = rule.edit.within
    if not scope:
        return ""
    code, name = embedded(rule, rule.before), f"def {scope.rpartition('.')[2]}("
    return "\n".join(code.replace(name, f"def {other}(") for other in ("one", "two"))


def in_a_function_inside(rule: Rule) -> str:
    within = f"{rule.edit.within}.inner".lstrip(".")
    return embedded(replace(rule, edit=replace(rule.edit, within=within)), rule.before)


def in_a_string(rule: Rule) -> str:
    return f"'''\n{embedded(rule, rule.before)}'''\n" if "'''" not in rule.before else ""


def commented_out(rule: Rule) -> str:
    code = embedded(rule, rule.before)
    return "" if rule.edit.kind == "comment_block" else f"pass\n{indent(code, '# ')}"


def asked(rule: Rule, form: str) -> str:
    """The quote with its question as part of another."""
    if not rule.before.startswith("if "):
        return ""
    test = rule.before.partition(":")[0].removeprefix("if ")
    return embedded(rule, rule.before.replace(test, form.format(test), 1))


def named(rule: Rule) -> str:
    return min(edit_kind(rule.edit).subject(rule), default="")


def of_its_own(rule: Rule) -> str:
    """The quote about a variable of its function that is called like an import."""
    (section,) = (section for section, each in ENTRIES.values() if each is rule)
    names = {name for each in section.rules for name in imported(each)}
    mentioned = sorted(names & set(re.findall(r"\w+", rule.before)))
    if not rule.edit.within or "." in rule.edit.within or not mentioned:
        return ""
    return embedded(rule, f"{mentioned[0]} = 1\n{rule.before}")


def another_value(rule: Rule) -> str:
    """The quote with another value than the one that the edit is about."""
    for old, new in (
        ("True", "None"),
        ("600", "601"),
        ("''", "'other'"),
        ("'efficientdet-d1'", "x"),
    ):
        if rule.before.count(old) > rule.after.count(old):
            return embedded(rule, rule.before.replace(old, new, 1))
    return ""


NEAR_MISSES: dict[str, Callable[[Rule], str]] = {
    "twice": twice,
    "in two other functions": in_two_others,
    "in a function inside": in_a_function_inside,
    "in a string": in_a_string,
    "commented out": commented_out,
    "an alternative": lambda rule: asked(rule, "{} or other"),
    "denied": lambda rule: asked(rule, "not ({})"),
    "denied with another": lambda rule: asked(rule, "not ({} and other)"),
    "an alternative on the same": lambda rule: asked(rule, f"{{}} or {named(rule)}.is_on()"),
    "a part of a call": lambda rule: asked(rule, "any([{}])"),
    "another value": another_value,
    "a variable of its own": of_its_own,
}


@depth(100, 2000)
def test_near_misses_stay(count: int) -> None:
    names = st.sampled_from(list(NEAR_MISSES))
    try_often(check_near_miss, count, st.sampled_from(QUOTED), names, some_ways)


def check_near_miss(id_: str, miss: str, ways: list[str]) -> None:
    section, rule = ENTRIES[id_]
    code = NEAR_MISSES[miss](rule)
    assume(code)
    # Names that are imported twice, each on a line of its own, are one import.
    assume(miss != "twice" or not rule.edit.is_import or "a line per name" not in ways)
    file = planned(section, written(code, ways).encode(), {id_})
    assert file.after == file.before
    assert State.PENDING not in states(file).values()


def test_every_near_miss_is_one_of_some_rule() -> None:
    for name in NEAR_MISSES:
        assert any(miss == name for _, miss in MISSED), name


MISSED = [
    (id_, miss) for miss in NEAR_MISSES for id_ in QUOTED if NEAR_MISSES[miss](ENTRIES[id_][1])
]


@pytest.mark.parametrize(("id_", "miss"), MISSED)
def test_each_near_miss_of_each_rule_stays(id_: str, miss: str) -> None:
    section, rule = ENTRIES[id_]
    file = planned(section, NEAR_MISSES[miss](rule).encode(), {id_})
    assert file.after == file.before
    assert State.PENDING not in states(file).values()
