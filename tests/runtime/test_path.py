"""The runtime is for machines that have no `TensorFlow.common` of Habana's."""

from pathlib import Path

import pytest

from tests.runtime.processes import python, said

WHOSE = """
    from TensorFlow.common import library_loader
    print(getattr(library_loader, "whose", "ours"))
"""


def test_it_is_used_where_there_is_no_other() -> None:
    assert said(python(WHOSE)) == ["ours"]


@pytest.mark.parametrize("package", ["TensorFlow", "TensorFlow/common"])
def test_it_gives_way_to_a_package(package: str, tmp_path: Path) -> None:
    """Even where the other comes later on the path."""
    common = tmp_path / "TensorFlow" / "common"
    common.mkdir(parents=True)
    (common / "library_loader.py").write_text("whose = 'theirs'\n")
    (tmp_path / package / "__init__.py").touch()
    assert said(python(WHOSE, tmp_path)) == ["theirs"]
