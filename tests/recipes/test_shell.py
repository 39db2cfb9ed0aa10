"""The scripts among the recipes: ShellCheck finds nothing, and every file is explained."""

import sys
from pathlib import Path

import pytest

from patcher.resources import VENDOR
from tests.commands import process

RECIPES = VENDOR.parent / "docs" / "recipes"
SCRIPTS = sorted(file for file in RECIPES.iterdir() if file.read_text().startswith("#!"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_shellcheck_finds_nothing(script: Path) -> None:
    done = process(Path(sys.executable).with_name("shellcheck"), script)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_recipe_is_in_the_page() -> None:
    page = (RECIPES / "README.md").read_text()
    recipes = {file.name for file in RECIPES.iterdir()} - {"README.md"}
    assert recipes >= {script.name for script in SCRIPTS}
    assert not [name for name in recipes if f"]({name})" not in page]
