"""The default of an absl flag."""

import pytest

from patcher.edits.kinds import FlagDefault
from patcher.model import State
from tests.rule_check import trial

OPEN = trial(
    "flags.DEFINE_bool('open', False, 'Open.'", "flags.DEFINE_bool('open', True", FlagDefault()
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "# why\nflags.DEFINE_bool('open', False, 'help')  # that\n",
            "# why\nflags.DEFINE_bool('open', True, 'help')  # that\n",
            id="with another help text",
        ),
        pytest.param(
            'flags.DEFINE_bool("open",\n    default=False, help="help")\n',
            'flags.DEFINE_bool("open",\n    default=True, help="help")\n',
            id="by keyword, in other quotes",
        ),
        pytest.param(
            "if a:\n    flags.DEFINE_bool(default=False, name='open')\n",
            "if a:\n    flags.DEFINE_bool(default=True, name='open')\n",
            id="in a block, in another order",
        ),
        pytest.param(
            "flags.DEFINE_boolean('open', False, 'Open.')\n",
            "flags.DEFINE_boolean('open', True, 'Open.')\n",
            id="by absl's other name for the type",
        ),
        pytest.param(
            "tf.flags.DEFINE_bool('open', False, 'Open.')\n",
            "tf.flags.DEFINE_bool('open', True, 'Open.')\n",
            id="by the flags of another package",
        ),
        pytest.param(
            "_OPEN = flags.DEFINE_bool('op' 'en', False, 'Open.')\n",
            "_OPEN = flags.DEFINE_bool('op' 'en', True, 'Open.')\n",
            id="by a name of its own",
        ),
        pytest.param(
            "DEFINE_boolean('open', False, 'Open.')\n",
            "DEFINE_boolean('open', True, 'Open.')\n",
            id="by its name alone",
        ),
    ],
)
def test_changes_the_default_alone(before: str, after: str) -> None:
    OPEN.changes(before, after)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param("flags.DEFINE_bool('open', None, 'Open.')",
                     "default of flag 'open' is None, expected False", id="another default"),
        pytest.param("absl.DEFINE_bool('open', False, 'Open.')",
                     "defined by `absl.DEFINE_bool`, expected `flags.DEFINE_bool`", id="elsewhere"),
        pytest.param("flags.DEFINE_enum('open', False, 'Open.')", "defined by `flags.DEFINE_enum`",
                     id="another type"),
        pytest.param("x(); flags.DEFINE_bool('open', False, 'Open.')", "shares its line",
                     id="with other code on its line"),
        pytest.param("def f(): pass\nclass A:\n    flags.DEFINE_bool('open', False, 'Open.')",
                     "stands in `A`, expected at module level", id="not in the module itself"),
    ],
)  # fmt: skip
def test_leaves_what_is_like_it_alone(line: str, why: str) -> None:
    OPEN.drifts(f"{line}\n", line=1 + line.count("\n"), why=why)


def test_leaves_another_flag_alone() -> None:
    OPEN.misses("flags.DEFINE_bool('opening', False, 'Open.')\n", "'open'")


def test_two_of_one_name_are_ambiguous() -> None:
    twice = "flags.DEFINE_bool('open', False, '')\nflags.DEFINE_bool('open', True, '')\n"
    assert OPEN.ignores(twice).state is State.AMBIGUOUS


def test_says_what_it_wants() -> None:
    assert OPEN.outcome("").wants == "flag 'open' with default False at module level"
