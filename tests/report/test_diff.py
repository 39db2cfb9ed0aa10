from patcher.report.diff import Style, coloured

PATCH = b"diff --git a/one.py b/one.py\n--- a/one.py\n+++ b/one.py\n@@ -1 +1,2 @@ def\n-one\n+two\n"


def test_a_patch_is_coloured_as_git_does() -> None:
    shown = coloured(PATCH, Style(colours=True)).decode().split("\n")
    assert shown[0] == "\x1b[1mdiff --git a/one.py b/one.py\x1b[m"
    assert shown[2] == "\x1b[1m+++ b/one.py\x1b[m"
    assert shown[3] == "\x1b[36m@@ -1 +1,2 @@\x1b[m def"
    assert shown[4:6] == ["\x1b[31m-one\x1b[m", "\x1b[32m+two\x1b[m"]


def test_without_colours_a_patch_stays_as_it_is() -> None:
    assert coloured(PATCH, Style(colours=False)) == PATCH
    assert coloured(b"", Style(colours=True)) == b""


def test_what_is_in_files_commands_no_terminal() -> None:
    patch = PATCH.replace(b"two", b"\x1b[2J\xe2\x80\xae\xff")
    shown = coloured(patch, Style(colours=True))
    assert rb"\x1b[2J\u202e\xff" in shown
    assert b"\x1b[2J" not in shown
