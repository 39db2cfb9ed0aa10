from pathlib import Path

import pytest

from tests.runtime.conftest import workers

__all__ = ["workers"]


@pytest.fixture(params=["miniature", "upstream"])
def tree(request: pytest.FixtureRequest) -> Path:
    """Each of the trees that train, a copy of a test's own."""
    copy: Path = request.getfixturevalue(request.param)
    return copy
