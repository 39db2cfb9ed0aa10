"""Flags that rules define or read, and which of them a tree defines."""

from collections.abc import Iterator

import pytest

from patcher import engine
from patcher.edits.kinds import Statement
from patcher.engine import defined_flags
from patcher.model import Outcome, Pack, Section, State
from tests.rule_check import made_up

ADD = made_up(("", "flags.DEFINE_integer('tip', 1, 'Tip.')", Statement(follows="start()"))).rules
PACK = Pack("tried", (Section("app.py", "src/app.py", ADD, "app", root="src"),))


def outcome(imports: str, path: str, code: str) -> Outcome:
    files = {"src/app.py": f"{imports}\nstart()\n".encode(), path: code.encode()}
    (found,) = engine.plan([PACK], files).outcomes
    return found


@pytest.mark.parametrize(
    ("imports", "path"),
    [
        ("import tools", "src/tools.py"),
        ("from shop import tools", "src/shop/tools.py"),
        ("from shop.tools import pay", "src/shop/tools.py"),
        ("def f():\n    import shop", "src/shop/__init__.py"),
    ],
)
@pytest.mark.parametrize(
    "code", ["flags.DEFINE_integer('tip', 2, '')", "if a: f.DEFINE_bool('tip', 1)"]
)
def test_a_flag_of_a_module_that_is_imported_is_not_defined_again(
    imports: str, path: str, code: str
) -> None:
    found = outcome(imports, path, code)
    assert found.state is State.DRIFTED
    assert found.nearest
    assert found.nearest.why == f"{path} defines the flag 'tip' already"


@pytest.mark.parametrize(
    ("imports", "code"),
    [
        ("import other", "flags.DEFINE_integer('tip', 2, '')"),
        ("import tools", "flags.DEFINE_integer('tips', 2, '')"),
        ("import tools", "# flags.DEFINE_integer('tip', 2, '')"),
        ("import tools", "pay('tip')"),
        ("import tools", "flags.DEFINE_integer('tip', 2, ''"),
    ],
)
def test_what_is_no_second_definition_does_not_matter(imports: str, code: str) -> None:
    assert outcome(imports, "src/tools.py", code).state is State.PENDING


READ = made_up(
    ("", "flags.DEFINE_integer('tip', 1, 'Tip.')", Statement(follows="start()")),
    ("wait()", "wait(FLAGS.tip)", Statement(within="sell")),
)
SELL = "start()\ndef sell():\n    wait()\n"


def reading(code: str, chosen: set[str]) -> Outcome:
    """How the rule stands that reads the flag."""
    found = engine.plan([Pack("tried", (READ,))], {READ.path: code.encode()}, chosen)
    return found.outcomes[-1]


def test_no_edit_reads_a_flag_that_a_rule_left_out_defines() -> None:
    found = reading(SELL, {"trial-2"})
    assert found.state is State.DRIFTED
    assert found.nearest
    assert found.nearest.why == "needs the flag 'tip', which trial-1 brings in"
    assert found.nearest.remedy == "apply trial-1 as well"


@pytest.mark.parametrize(
    ("code", "chosen"),
    [
        pytest.param(SELL, {"trial-1", "trial-2"}, id="both are chosen"),
        pytest.param(f"flags.DEFINE_integer('tip', 9, '')\n{SELL}", {"trial-2"}, id="defined"),
    ],
)
def test_a_flag_that_is_defined_may_be_read(code: str, chosen: set[str]) -> None:
    assert reading(code, chosen).state is State.PENDING


def test_a_flag_that_a_module_of_the_file_defines_may_be_read() -> None:
    files = {
        READ.path: f"import tools\n{SELL}".encode(),
        "shop/tools.py": b"flags.DEFINE_integer('tip', 2, '')\n",
    }
    found = engine.plan([Pack("tried", (READ,))], files, {"trial-2"})
    assert [outcome.state for outcome in found.outcomes] == [State.PENDING]


def test_the_flags_of_a_file_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    edits = [
        edit
        for number in range(20)
        for edit in (
            ("", f"flags.DEFINE_bool('f{number}', 1, '')", Statement(follows="start()")),
            (f"wait({number})", f"wait(FLAGS.f{number})", Statement(within="sell")),
        )
    ]
    section = made_up(*edits)
    code = "start()\ndef sell():\n" + "".join(f"    wait({number})\n" for number in range(20))
    looked, defined = list[bytes](), defined_flags._defined

    def counted(content: bytes) -> Iterator[str]:
        looked.append(content)
        return defined(content)

    monkeypatch.setattr(defined_flags, "_defined", counted)
    readers = {f"trial-{number}" for number in range(2, 41, 2)}
    found = engine.plan([Pack("tried", (section,))], {section.path: code.encode()}, readers)
    assert {outcome.state for outcome in found.outcomes} == {State.DRIFTED}
    assert len(looked) == 1
