"""Paths that name a file of a tree in one plain way, and none that is git's own."""

import pytest

from patcher.paths import is_git_name, is_plain


@pytest.mark.parametrize(
    "path",
    ["", "/a", "a/", "a//b", "./a", "a/..", "..", "a\0", "a\ud800", "a\\b", "a\nb", "a\u202eb"],
)
def test_a_path_can_be_written_in_one_way_only(path: str) -> None:
    assert not is_plain(path)
    assert is_plain("a/b.py")


@pytest.mark.parametrize(
    "name",
    [
        ".git", ".GIT", ".giT", "git~1", "GIT~1", ".git.", ".git ", ".git . .", ".git::$INDEX",
        ".git:stream", ".g\u200cit", "\u2062.git", ".gi\ufefft\u200d",
    ],
)  # fmt: skip
def test_what_some_file_system_takes_for_git_is_not_plain(name: str) -> None:
    assert is_git_name(name)
    assert not is_plain(name)
    assert not is_plain(f"sub/{name}/hooks/post-checkout")


@pytest.mark.parametrize("name", [".gitignore", ".github", "git", "x.git", "git~2x", ".git-old"])
def test_what_is_only_like_git_is_plain(name: str) -> None:
    assert is_plain(f"sub/{name}/a.py")
