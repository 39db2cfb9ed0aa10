"""Command lines that are not run are read as a shell and Click read them."""

import pytest

from tests.docs.usage import calls, problem


def test_every_call_in_a_script_is_found() -> None:
    script = "A=1 effpatch a \\\n  b | head && (bin/effpatch c 'd e')\n# effpatch x\n$HOME/effpatch"
    assert [*calls(script)] == [["a", "b"], ["c", "d e"], []]
    assert [*calls("pip install effpatch; echo effpatch apply; effpatch a >b 2>/dev/null")] == [
        ["a", "b", "2", "/dev/null"]
    ]


@pytest.mark.parametrize(
    "call",
    [
        "apply tree --commit-per-rule --branch hpu",
        "--pack ./mine status not-there",
        "train tree --np 2 -- --model_dir=model",
        "stack create folder --mpi",
        "stack create -h",
        "--version",
    ],
)
def test_a_call_that_works_is_right(call: str) -> None:
    assert problem(call.split()) == ""


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("aply tree", "no command 'aply'"),
        ("stack creat folder", "no command 'creat'"),
        ("apply tree --comit", "No such option '--comit'"),
        ("--bare status tree", "No such option '--bare'"),
        ("revert", "Missing argument"),
        ("diff tree --format sarixf", "'sarixf' is not one of"),
        ("apply tree --only", "requires an argument"),
    ],
)
def test_a_call_that_does_not_is_named(call: str, said: str) -> None:
    assert said in problem(call.split())


@pytest.mark.parametrize("call", ["apply --commit", "apply --only", "COMMAND --x", "fetch [DEST]"])
def test_a_sentence_may_leave_arguments_out(call: str) -> None:
    assert problem(call.split(), whole=False) == ""


@pytest.mark.parametrize("call", ["apply --comit", "aply"])
def test_a_sentence_names_what_there_is(call: str) -> None:
    assert problem(call.split(), whole=False)
