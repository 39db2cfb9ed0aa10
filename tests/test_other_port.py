"""A pack of somebody else's, for another upstream with a `src/` root, from fetch to revert."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from tests.commands import contents, git, process

FILES = {
    "README.md": "A small program.\n",
    "src/shop/__init__.py": "",
    "src/shop/basket.py": """\
        import decimal

        from shop import rates


        def total(prices, country):
            # Everything in it.
            if country is not None:
                return sum(prices) * rates.of(country)
            return sum(prices)
        """,
    "src/shop/rates.py": """\
        RATES = {'de': 119}


        def of(country, default=100):
            return RATES.get(country, default)
        """,
}
RULES = {
    "basket.toml": """
        path = "src/shop/basket.py"

        [[rule]]
        item = 1
        title = "do not import decimal"
        kind = "import_module"
        why = "Nothing uses it."
        before = "import decimal"

        [[rule]]
        item = 2
        title = "tax where the country is known"
        kind = "if_test"
        within = "total"
        why = "A country without a rate has no tax."
        before = "if country is not None:"
        after = "if rates.known(country):"
        """,
    "rates.toml": '''
        path = "src/shop/rates.py"

        [[rule]]
        item = 1
        title = "say which countries are known"
        kind = "statement"
        follows = "RATES = {...: ...}"
        why = "basket-2 asks."
        after = """
        def known(country):
            return country in RATES
        """
        ''',
}
EDITS = 3
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """The upstream's repository."""
    place = tmp_path / "shop.git"
    for name, text in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(dedent(text))
    git(place, "init", "--quiet")
    git(place, "config", "uploadpack.allowFilter", "true")
    git(place, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(place, "add", ".")
    git(place, "commit", "--quiet", "--message", "the shop")
    return place


@pytest.fixture
def pack(upstream: Path, tmp_path: Path) -> Path:
    """The folder of the pack."""
    place = tmp_path / "port" / "shop_port"
    place.mkdir(parents=True)
    commit = git(upstream, "rev-parse", "HEAD").strip()
    (place / "pack.toml").write_text(f"""\
name = "shop-port"
title = "Taxes for the shop"
sections = ["basket", "rates"]

[upstream]
repository = "{upstream.as_uri()}"
commit = "{commit}"
root = "src"
""")
    for name, text in RULES.items():
        (place / name).write_text(dedent(text))
    return place


def effpatch(*words: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    return process(sys.executable, "-m", "patcher", *words, **options)


def well(*words: str | Path, **options: object) -> str:
    done = effpatch(*words, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.usefixtures("author")
@pytest.mark.parametrize("place", ["before", "behind"])
def test_a_pack_in_a_folder_from_fetch_to_revert(pack: Path, tmp_path: Path, place: str) -> None:
    option = ("--pack", pack)
    tree, series = tmp_path / "tree", tmp_path / "series"

    def run(command: str, *words: str | Path) -> str:
        if place == "before":
            return well(*option, command, *words)
        return well(command, *words, *option)

    assert run("fetch", tree).endswith("not pinned by hashes\n") or (tree / "src").is_dir()
    before = contents(tree)
    assert f"shop-port: {EDITS} rules" in run("rules")
    assert run("diff", tree).count("\n+++ ") == 2
    assert run("apply", tree / "src") == f"{tree / 'src'}: made {EDITS} edits in 2 files\n"
    assert f"{EDITS} applied" in run("status", tree)
    verdict = run("verify", tree)
    assert "checks hold" in verdict
    assert run("export", tree, "-o", series) == f"{series}: {EDITS} patches for `git am`\n"
    assert well("revert", tree).endswith(" 2 files written\n")
    assert contents(tree) == before


def test_a_checkout_with_another_root_is_named(pack: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    well("fetch", tree, "--pack", pack)
    (tree / "src").rename(tree / "lib")
    refused = effpatch("apply", tree, "--pack", pack)
    assert refused.returncode == 4
    assert "--root" in refused.stderr
    well("apply", tree, "--pack", pack, "--root", "lib", "--allow-dirty")
    assert f"{EDITS} applied" in well("status", tree, "--pack", pack, "--root", "lib")
    assert "checks hold" in well("verify", tree, "--pack", pack, "--root", "lib")
    well("revert", tree / "lib")
    assert "decimal" in (tree / "lib/shop/basket.py").read_text()


def wheel(pack: Path) -> Path:
    """A distribution of the pack, as a build would make it."""
    info = "shop_port-1.0.dist-info"
    members = {f"shop_port/{file.name}": file.read_text() for file in pack.iterdir()}
    members["shop_port/__init__.py"] = "raise SystemExit('a pack was imported')\n"
    members[f"{info}/METADATA"] = "Metadata-Version: 2.1\nName: shop-port\nVersion: 1.0\n"
    members[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    members[f"{info}/entry_points.txt"] = "[effpatch.packs]\nshop-port = shop_port\n"
    records = "".join(f"{name},,\n" for name in (*members, f"{info}/RECORD"))
    file = pack.parent / "shop_port-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in {**members, f"{info}/RECORD": records}.items():
            archive.writestr(name, text)
    return file


def test_an_installed_pack_is_reverted_once_it_is_gone(pack: Path, tmp_path: Path) -> None:
    site, tree = tmp_path / "site", tmp_path / "tree"
    options = ("--quiet", "--no-index", "--no-deps", "--target", site)
    done = process(sys.executable, "-m", "pip", "install", *options, wheel(pack))
    assert done.returncode == 0, done.stderr
    with_pack = {"env": {**os.environ, "PYTHONPATH": str(site)}}
    well("fetch", tree, "--pack", "shop-port", **with_pack)
    before = contents(tree)
    well("apply", tree, "--pack", "shop-port", **with_pack)
    assert "basket-2" in well("rules", "shop-port/basket-2", **with_pack)
    assert "checks hold" in well("verify", tree, **with_pack)
    one = effpatch("revert", tree, "--only", "shop-port/basket-2")
    assert one.returncode == 4
    assert "shop-port" in one.stderr
    assert contents(tree) != before
    well("revert", tree)
    assert contents(tree) == before
