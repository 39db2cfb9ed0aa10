from tests.runtime.conftest import workers

__all__ = ["workers"]
