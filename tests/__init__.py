import pytest

pytest.register_assert_rewrite("tests.checks", "tests.commands")
