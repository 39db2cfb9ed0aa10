from dataclasses import replace

from patcher.checks.legacy_variables import check
from patcher.checks.model import Finding, LegacyVariable, Measurement, Subject
from patcher.checks.sources import Sources

_SUBJECT = Subject(Sources({}), Sources({}), "src/run/main.py")
_VARIABLES = (
    LegacyVariable("net/kernel", "VariableV2", "model.py", 7),
    LegacyVariable("global_step", "Variable", "main.py", 2),
    LegacyVariable("net/bias", "VariableV2", "model.py", 7),
)


def measured(measurement: Measurement | None) -> list[Finding] | None:
    return check(replace(_SUBJECT, measurement=measurement))


def test_a_graph_without_any_holds() -> None:
    told = Finding("src/run/main.py", 1, "5 operations, 0 legacy variables", advice=True)
    assert measured(Measurement(5)) == [told]


def test_each_line_that_makes_some_fails() -> None:
    users = {"Assign": 3, "ApplyMomentum": 1}
    assert measured(Measurement(9, legacy=_VARIABLES, users=users)) == [
        Finding(
            "src/run/main.py",
            2,
            "Variable global_step is a legacy variable, expected a resource variable",
        ),
        Finding(
            "src/run/model.py",
            7,
            "VariableV2 net/kernel and 1 more are legacy variables, expected resource variables",
        ),
        Finding(
            "src/run/main.py",
            1,
            "9 operations, 3 legacy variables (3 Assign, 2 VariableV2, 1 Variable, "
            "1 ApplyMomentum)",
            advice=True,
        ),
    ]


def test_a_program_that_builds_no_graph_fails() -> None:
    found = [Finding("src/run/main.py", 1, "the graph cannot be built")]
    assert measured(Measurement(failure="the graph cannot be built")) == found


def test_a_graph_that_nobody_built_is_not_checked() -> None:
    assert measured(None) is None
    assert measured(Measurement()) is None
