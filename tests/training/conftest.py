from tests.runtime.conftest import stack, stack_python, workers

__all__ = ["stack", "stack_python", "workers"]
