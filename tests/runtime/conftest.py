import os
from pathlib import Path

import pytest

from tests.runtime.processes import Command


@pytest.fixture(scope="session")
def stack() -> Path:
    """The folder of a virtual environment with TensorFlow and Horovod."""
    folder = os.environ.get("EFFPATCH_STACK")
    if not folder:
        pytest.skip("EFFPATCH_STACK names no environment with TensorFlow and Horovod")
    return Path(folder)


@pytest.fixture(scope="session")
def stack_python(stack: Path) -> Command:
    """What runs the Python of that environment."""
    return (stack / "bin" / "python",)


@pytest.fixture(params=[1, 2], ids=["alone", "two workers"])
def workers(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture
def launcher(stack: Path, workers: int) -> Command:
    interpreter = stack / "bin" / "python"
    launch = (stack / "bin" / "horovodrun", "--gloo", "-np", str(workers))
    return (*launch, interpreter) if workers > 1 else (interpreter,)
