from pathlib import Path

import pytest

from tests.runtime.processes import Command


@pytest.fixture(params=[1, 2], ids=["alone", "two workers"])
def workers(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture
def launcher(stack: Path, workers: int) -> Command:
    interpreter = stack / "bin" / "python"
    launch = (stack / "bin" / "horovodrun", "--gloo", "-np", str(workers))
    return (*launch, interpreter) if workers > 1 else (interpreter,)
