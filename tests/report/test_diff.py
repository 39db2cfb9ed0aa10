from patcher.model import FilePlan
from patcher.report import diff

ONE = FilePlan("src/one.py", b"a\nb\n", b"a\nc\nd\n", ())
SAME = FilePlan("src/same.py", b"a\n", b"a\n", ())


def test_a_diff_is_that_of_git() -> None:
    lines = diff.unified([ONE, SAME]).decode().splitlines()
    assert lines[0] == "diff --git a/src/one.py b/src/one.py"
    assert lines[2:] == [
        "--- a/src/one.py",
        "+++ b/src/one.py",
        "@@ -1,2 +1,3 @@",
        " a",
        "-b",
        "+c",
        "+d",
    ]


def test_colours_are_those_of_git() -> None:
    assert b"\x1b[32m+" in diff.unified([ONE], colour=True)


def test_lines_are_counted_by_file() -> None:
    assert diff.line_counts([ONE]) == {"src/one.py": (2, 1)}


def test_no_change_is_no_diff() -> None:
    assert diff.unified([]) == b""
    assert diff.unified([SAME]) == b""
