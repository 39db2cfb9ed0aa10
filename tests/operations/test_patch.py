import pytest

from patcher.model import FilePlan
from patcher.operations import patch

ONE = FilePlan("src/one.py", b"a\nb\nc\n", b"a\nB\nc\nd\n", ())
SAME = FilePlan("src/same.py", b"a\n", b"a\n", ())


def test_a_patch_is_the_one_of_git() -> None:
    lines = patch.unified([ONE, SAME]).decode().splitlines()
    assert lines[0] == "diff --git a/src/one.py b/src/one.py"
    assert lines[2:4] == ["--- a/src/one.py", "+++ b/src/one.py"]
    assert lines[5:] == [" a", "-b", "+B", " c", "+d"]


def test_lines_are_counted() -> None:
    assert patch.line_counts([ONE]) == {"src/one.py": (2, 1)}


def test_nothing_changed_is_no_patch() -> None:
    assert patch.unified([]) == b""
    assert patch.unified([SAME]) == b""
    assert patch.by_file([SAME]) == []


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        pytest.param(b"a\nb\n", b"a\nB\n", [(range(1, 2), range(1, 2))], id="changed"),
        pytest.param(b"a\n", b"x\na\n", [(range(0), range(1))], id="added in front"),
        pytest.param(b"a\n", b"a\nx\n", [(range(1, 1), range(1, 2))], id="added behind"),
        pytest.param(b"", b"x\n", [(range(0), range(1))], id="to an empty file"),
        pytest.param(b"x\n", b"", [(range(1), range(0))], id="all removed"),
        pytest.param(b"a\nb", b"a\nc", [(range(1, 2), range(1, 2))], id="no line end"),
        pytest.param(b"a\n\rb\n", b"a\n\rc\n", [(range(1, 2), range(1, 2))], id="a return"),
        pytest.param(b"\0\na\n", b"\0\nb\n", [(range(1, 2), range(1, 2))], id="binary for git"),
    ],
)
def test_places_are_where_files_differ(
    before: bytes, after: bytes, places: list[tuple[range, range]]
) -> None:
    ((_, part),) = patch.by_file([FilePlan("a.py", before, after, ())])
    found = [place for block in part.blocks for place in block.places]
    assert [(list(o), o.start, list(n), n.start) for o, n in found] == [
        (list(o), o.start, list(n), n.start) for o, n in places
    ]


def test_files_are_told_apart_by_gits_order_of_them() -> None:
    names = ["a/b.py", "a-b.py", "a.py", "B.py", "ä.py", 'q"uote.py', "a/b/c.py", "new\nline.py"]
    files = [FilePlan(name, b"1\n", name.encode(), ()) for name in names]
    for file, part in patch.by_file(files):
        ((lines, _),) = part.blocks
        assert b"+" + file.after.split(b"\n")[0] in b"".join(lines)
