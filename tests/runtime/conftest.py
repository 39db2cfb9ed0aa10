import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def stack() -> Path:
    """The folder of a virtual environment with TensorFlow and Horovod."""
    folder = os.environ.get("EFFPATCH_STACK")
    if not folder:
        pytest.skip("EFFPATCH_STACK names no environment with TensorFlow and Horovod")
    return Path(folder)


@pytest.fixture(scope="session")
def stack_python(stack: Path) -> tuple[Path]:
    """What runs the Python of that environment."""
    return (stack / "bin" / "python",)
