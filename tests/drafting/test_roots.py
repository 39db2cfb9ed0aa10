"""The folder that imports start from."""

import pytest

from patcher.drafting.roots import import_root

TREE = ("app/main.py", "app/tools/text.py", "app/tools/__init__.py", "lib/other.py", "README.md")


@pytest.mark.parametrize(
    ("files", "root"),
    [
        pytest.param({"app/main.py": b"from tools import text\n"}, "app", id="next to it"),
        pytest.param({"app/tools/text.py": b"import tools.text\n"}, "app", id="above it"),
        pytest.param({"app/main.py": b"import app.tools.text\n"}, "", id="the tree's root"),
        pytest.param({"app/main.py": b"import os\n"}, "", id="nothing of the tree"),
        pytest.param({"app/main.py": b"from .tools import text\n"}, "", id="relative"),
        pytest.param(
            {"app/main.py": b"import tools\n", "lib/other.py": b"import lib.other\n"},
            "",
            id="only folders above all files",
        ),
        pytest.param({"app/main.py": b"import (\n"}, "", id="no Python"),
        pytest.param({}, "", id="no file"),
    ],
)
def test_most_imports_lead_to_files(files: dict[str, bytes], root: str) -> None:
    assert import_root(files, TREE) == root
