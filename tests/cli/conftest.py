import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.resources import RULES

CopyPack = Callable[..., Path]


@pytest.fixture
def copy_pack(tmp_path: Path) -> CopyPack:
    """Copy the pack `supplement` to a folder, and give it that folder's name."""

    def copy(name: str, upstream: str = '"automl"') -> Path:
        folder = shutil.copytree(RULES / "supplement", tmp_path / name)
        file = folder / "pack.toml"
        text = file.read_text("utf-8")
        for old, new in (
            ('name = "supplement"', f'name = "{folder.name}"'),
            ('upstream = "automl"', f"upstream = {upstream}"),
        ):
            assert text.count(old) == 1
            text = text.replace(old, new)
        file.write_text(text, "utf-8")
        return folder

    return copy
