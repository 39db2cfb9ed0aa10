from dataclasses import replace

from patcher.checks.model import Finding, LegacyVariable, Measurement, Operation, Subject
from patcher.checks.sources import Sources
from patcher.checks.tensor_rank import check

_SUBJECT = Subject(Sources({}), Sources({}), "src/run/main.py")
_HIGH = Operation("model/Mul", "Mul", [2, None, 1, 8], "model.py", 7)
_UNKNOWN = Operation("x", "Placeholder", None, "main.py", 2)


def measured(measurement: Measurement | None) -> list[Finding] | None:
    return check(replace(_SUBJECT, measurement=measurement), max_rank=3)


def test_a_graph_within_the_rank_holds() -> None:
    assert measured(Measurement(5)) == [
        Finding(
            "src/run/main.py",
            1,
            "5 operations, 0 of rank above 3, 0 of unknown rank, 0 legacy variables",
            advice=True,
        )
    ]


def test_operations_of_too_high_a_rank_fail() -> None:
    found = measured(Measurement(9, (_HIGH, _HIGH, _UNKNOWN), forwarded=4))
    assert found is not None
    assert found[0] == Finding(
        "src/run/model.py",
        7,
        "Mul model/Mul is [2, None, 1, 8], of rank 4, expected 3 at most",
    )
    assert found[2] == Finding(
        "src/run/main.py",
        2,
        "Placeholder x is of unknown rank, or calls what is; expected 3 at most",
        advice=True,
    )
    assert found[3].text == (
        "9 operations, 2 of rank above 3 (2 Mul; 4 Identity operations pass these tensors on), "
        "1 of unknown rank, 0 legacy variables"
    )
    assert [finding.advice for finding in found] == [False, False, True, True]


def test_another_checks_lower_rank_counts_for_that_one_alone() -> None:
    low = Operation("model/Sum", "Sum", [2, 2, 2], "model.py", 8)
    found = measured(Measurement(9, (low, low)))
    assert found is not None
    (told,) = found
    assert told.text.startswith("9 operations, 0 of rank above 3, 0 of unknown rank, ")


def test_legacy_variables_are_counted_and_fail_nothing() -> None:
    variable = LegacyVariable("net/kernel", "VariableV2", "model.py", 7)
    found = measured(Measurement(9, legacy=(variable, variable)))
    assert found is not None
    (told,) = found
    assert told.advice
    assert told.text.endswith(", 2 legacy variables")


def test_a_program_that_builds_no_graph_fails() -> None:
    found = [Finding("src/run/main.py", 1, "the graph cannot be built")]
    assert measured(Measurement(failure="the graph cannot be built")) == found


def test_a_graph_that_nobody_built_is_not_checked() -> None:
    assert measured(None) is None
    assert measured(Measurement()) is None
