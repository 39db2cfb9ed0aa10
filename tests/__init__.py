import pytest

pytest.register_assert_rewrite("tests.rule_check", "tests.commands")
