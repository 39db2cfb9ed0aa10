"""Which folder is a tree, and where the files of a pack are in it."""

from pathlib import Path

import pytest

from patcher.errors import SelectionError, TreeError
from patcher.model import Pack
from patcher.packs import load_pack
from patcher.tree.upstream import open_tree, rooted

DOCUMENTED = load_pack("documented")
DEEP = rooted(DOCUMENTED, "src/pkg")
FLAT = rooted(DOCUMENTED, "")


@pytest.fixture
def deep(miniature: Path) -> Path:
    """The miniature with its folder two levels deep, under another name."""
    (miniature / "src").mkdir()
    (miniature / "efficientdet").rename(miniature / "src" / "pkg")
    return miniature


def paths(pack: Pack) -> list[str]:
    return [section.path for section in pack.sections]


def test_every_path_of_a_pack_is_below_the_root_folder() -> None:
    assert paths(DEEP) == [path.replace("efficientdet/", "src/pkg/") for path in paths(DOCUMENTED)]
    assert DEEP.upstream
    assert (DEEP.upstream.root, DEEP.upstream.program) == ("src/pkg", "src/pkg/main.py")
    assert "src/pkg/main.py" in DEEP.upstream.sha256
    assert FLAT.upstream
    assert (FLAT.upstream.root, FLAT.upstream.program) == ("", "main.py")
    assert paths(FLAT) == [path.removeprefix("efficientdet/") for path in paths(DOCUMENTED)]
    assert rooted(FLAT, "efficientdet") == DOCUMENTED
    assert rooted(DEEP, "efficientdet") == DOCUMENTED


def test_a_file_outside_the_root_folder_stays_where_it_is() -> None:
    pack = rooted(DOCUMENTED, "src/pkg")
    assert paths(rooted(pack, "src/pkg")) == paths(pack)
    assert pack.upstream
    outside = rooted(Pack("p", pack.sections, upstream=pack.upstream), "lib")
    assert all(path.startswith("lib/") for path in paths(outside))
    elsewhere = Pack("p", DOCUMENTED.sections, upstream=pack.upstream)
    assert paths(rooted(elsewhere, "lib")) == paths(DOCUMENTED)


@pytest.mark.parametrize("inside", ["", "src/pkg"], ids=["checkout", "root folder"])
def test_a_root_folder_may_be_several_levels_deep(inside: str, deep: Path) -> None:
    tree, packs = open_tree(deep / inside, [DEEP])
    assert (tree.root, packs) == (deep, (DEEP,))


@pytest.mark.parametrize("inside", ["src", "src/pkg/horovod_estimator", "lib/pkg"])
def test_a_folder_between_below_or_beside_is_no_tree(inside: str, deep: Path) -> None:
    (deep / inside).mkdir(parents=True, exist_ok=True)
    with pytest.raises(TreeError, match="not an upstream tree"):
        open_tree(deep / inside, [DEEP])


def test_a_checkout_may_be_its_own_root_folder(miniature: Path) -> None:
    tree, _ = open_tree(miniature / "efficientdet", [FLAT])
    assert tree.root == miniature / "efficientdet"
    with pytest.raises(TreeError, match="not an upstream tree"):
        open_tree(miniature / "efficientdet" / "horovod_estimator", [FLAT])


@pytest.mark.parametrize("root", ["src/pkg", "src/pkg/", "./src/./pkg"])
def test_another_folder_stands_for_the_root_folder(root: str, deep: Path) -> None:
    tree, packs = open_tree(deep, [DOCUMENTED], root)
    assert (tree.root, packs) == (deep, (DEEP,))


def test_the_tree_itself_stands_for_the_root_folder(deep: Path) -> None:
    tree, packs = open_tree(deep / "src" / "pkg", [DOCUMENTED], ".")
    assert (tree.root, packs) == (deep / "src" / "pkg", (FLAT,))


def test_a_folder_of_another_name_is_refused_with_advice(deep: Path) -> None:
    with pytest.raises(TreeError) as caught:
        open_tree(deep, [DOCUMENTED])
    first = paths(DOCUMENTED)[0]
    assert str(caught.value) == (
        f"{deep}: not an upstream tree, expected {first} in it; pass the checkout's root or its "
        "efficientdet/; if that folder has a different name here, pass it with --root (`.` for "
        "UPSTREAM_DIR itself); for a different port, pass --pack"
    )


def test_a_root_folder_without_the_files_is_refused(deep: Path) -> None:
    with pytest.raises(TreeError, match=r"expected lib/\S+ in it; name with --root the folder"):
        open_tree(deep, [DOCUMENTED], "lib")


@pytest.mark.parametrize("root", ["..", "../other", "/", "src/../.."])
def test_a_root_folder_outside_the_tree_is_refused(root: str, deep: Path) -> None:
    with pytest.raises(SelectionError, match=f"--root: {root}, expected a folder below {deep}"):
        open_tree(deep, [DOCUMENTED], root)


def test_a_root_folder_that_is_a_link_out_of_the_tree_is_not_read(
    deep: Path, tmp_path: Path
) -> None:
    (deep / "src" / "pkg").rename(tmp_path / "outside")
    (deep / "src" / "pkg").symlink_to(tmp_path / "outside")
    tree, (pack,) = open_tree(deep, [DOCUMENTED], "src/pkg")
    with pytest.raises(TreeError, match="leads out of the tree"):
        tree.read(paths(pack))


def test_what_is_no_folder_is_no_tree(tmp_path: Path) -> None:
    with pytest.raises(TreeError, match="no such folder"):
        open_tree(tmp_path / "nowhere", [DOCUMENTED])
