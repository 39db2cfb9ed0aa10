import pytest

from patcher.model import State
from tests.rule_check import RuleCheck

take_hvd = RuleCheck("hooks-1")
drop_mpl = RuleCheck("hooks-2")
drop_confusion_matrix = RuleCheck("hooks-3")
drop_backend = RuleCheck("hooks-4")
broadcast_on_hpu = RuleCheck("hooks-5")
tag = RuleCheck("hooks-6")


def test_takes_hvd_from_the_common_module() -> None:
    take_hvd.changes(
        """\
        import cv2

        # Many cards.
        try:
            import horovod.tensorflow as hvd  # with NCCL
        except ImportError:
            hvd = None  # one card

        # Plots.
        import matplotlib as mpl
        """,
        """\
        import cv2

        # Many cards.
        # with NCCL
        # one card
        from TensorFlow.common.horovod_helpers import hvd

        # Plots.
        import matplotlib as mpl
        """,
    )


def test_leaves_an_attempt_to_import_something_else_alone() -> None:
    take_hvd.drifts(
        """\
        import cv2
        try:
            import byteps.tensorflow as hvd
        except ImportError:
            hvd = None
        """,
        line=3,
        why="found `byteps.tensorflow`, expected `horovod.tensorflow`",
    )


def test_does_not_import_matplotlib_under_a_second_name() -> None:
    drop_mpl.changes(
        """\
        import cv2  # pictures
        # Plots of what was found.
        import matplotlib as mpl
        import matplotlib.pyplot as plt  # drawn to files
        """,
        """\
        import cv2  # pictures
        # Plots of what was found.
        import matplotlib.pyplot as plt  # drawn to files
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            import matplotlib as mpl, numpy as np  # numbers
            """,
            """\
            import numpy as np  # numbers
            """,
            id="another module on the same line stays, in front",
        ),
        pytest.param(
            """\
            import numpy as np, matplotlib as mpl  # numbers
            """,
            """\
            import numpy as np  # numbers
            """,
            id="another module on the same line stays, behind",
        ),
        pytest.param(
            """\
            import os

            # Plots.
            import matplotlib as mpl

            import tensorflow as tf
            """,
            """\
            import os

            # Plots.

            import tensorflow as tf
            """,
            id="blank lines and comments around it stay",
        ),
    ],
)
def test_drops_nothing_but_matplotlib(before: str, after: str) -> None:
    drop_mpl.changes(before, after)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import matplotlib.pyplot as plt\n", id="a module inside the package"),
        pytest.param("from matplotlib import cm\n", id="a name from the package"),
    ],
)
def test_leaves_other_plotting_modules_alone(code: str) -> None:
    assert drop_mpl.ignores(code).state is State.APPLIED


def test_leaves_matplotlib_under_its_own_name_alone() -> None:
    drop_mpl.misses("import os\nimport matplotlib\n", "mpl")


def test_does_not_import_confusion_matrix() -> None:
    drop_confusion_matrix.changes(
        """\
        from PIL import Image  # pictures
        # Scores.
        from sklearn.metrics import confusion_matrix
        from tensorflow.python import tf2  # switches
        """,
        """\
        from PIL import Image  # pictures
        # Scores.
        from tensorflow.python import tf2  # switches
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            from sklearn.metrics import accuracy_score, confusion_matrix  # scores
            """,
            """\
            from sklearn.metrics import accuracy_score  # scores
            """,
            id="last of two on one line",
        ),
        pytest.param(
            """\
            from sklearn.metrics import (
                confusion_matrix,
                f1_score,  # per class
            )
            """,
            """\
            from sklearn.metrics import (
                f1_score,  # per class
            )
            """,
            id="first of two lines in brackets",
        ),
        pytest.param(
            """\
            from sklearn.metrics import (
                accuracy_score,  # of all
                confusion_matrix,
            )
            """,
            """\
            from sklearn.metrics import (
                accuracy_score,  # of all
            )
            """,
            id="last of two lines in brackets",
        ),
        pytest.param(
            """\
            from sklearn.metrics import (
                accuracy_score,  # of all
                confusion_matrix,
                f1_score,  # per class
            )
            """,
            """\
            from sklearn.metrics import (
                accuracy_score,  # of all
                f1_score,  # per class
            )
            """,
            id="between two lines in brackets",
        ),
        pytest.param(
            """\
            from sklearn.metrics import (accuracy_score,
                                         confusion_matrix)
            """,
            """\
            from sklearn.metrics import (accuracy_score)
            """,
            id="last of two names, a line broken between them",
        ),
    ],
)
def test_keeps_other_scores(before: str, after: str) -> None:
    drop_confusion_matrix.changes(before, after)


def test_leaves_other_scores_alone() -> None:
    outcome = drop_confusion_matrix.ignores("from sklearn.metrics import f1_score\n")
    assert outcome.state is State.APPLIED


def test_does_not_call_an_import_gone_that_a_star_brings_in() -> None:
    drop_confusion_matrix.drifts(
        "import os\nfrom sklearn.metrics import *\n", line=2, why="imports `*`"
    )


def test_leaves_a_confusion_matrix_of_another_package_alone() -> None:
    drop_confusion_matrix.ignores("from tensorflow.math import confusion_matrix\n")


def test_drops_confusion_matrix_under_another_name() -> None:
    drop_confusion_matrix.changes(
        "import os\nfrom sklearn.metrics import confusion_matrix as matrix\n", "import os\n"
    )


def test_leaves_the_choice_of_a_backend_to_matplotlib() -> None:
    drop_backend.changes(
        """\
        import matplotlib as mpl

        # No display on a server.
        mpl.use('Agg')
        np.seterr(divide='ignore')  # 0 / 0
        """,
        """\
        import matplotlib as mpl

        # No display on a server.
        np.seterr(divide='ignore')  # 0 / 0
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            mpl.use("Agg")
            np.seterr(divide='ignore')
            """,
            """\
            np.seterr(divide='ignore')
            """,
            id="double quotes",
        ),
        pytest.param(
            """\
            if 'DISPLAY' not in os.environ:  # a server
                mpl.use('Agg')
            """,
            """\
            if 'DISPLAY' not in os.environ:  # a server
                pass
            """,
            id="all that a block holds",
        ),
        pytest.param(
            """\
            mpl.use('Agg')  # no display
            np.seterr(divide='ignore')
            """,
            """\
            np.seterr(divide='ignore')
            """,
            id="its own comment goes with it",
        ),
        pytest.param(
            """\
            import os

            mpl.use('Agg')
            # The end.
            """,
            """\
            import os

            # The end.
            """,
            id="the last line of the file",
        ),
    ],
)
def test_drops_the_backend_wherever_the_module_chooses_it(before: str, after: str) -> None:
    drop_backend.changes(before, after)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        pytest.param("mpl.use('TkAgg')", "found `'TkAgg'`, expected `'Agg'`", id="another backend"),
        pytest.param(
            "mpl.use('Agg', force=True)",
            "has `force=True` as well",
            id="the same backend, by force",
        ),
    ],
)
def test_leaves_another_choice_of_backend_alone(call: str, why: str) -> None:
    drop_backend.drifts(f"import matplotlib as mpl\n{call}\n", line=2, why=why)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("matplotlib.use('Agg')\n", id="by another name"),
        pytest.param("def plot():\n    mpl.use('Agg')\n", id="inside a function"),
    ],
)
def test_leaves_a_backend_chosen_elsewhere_alone(code: str) -> None:
    drop_backend.ignores(code)


@pytest.mark.parametrize("check", [drop_mpl, drop_backend], ids=["import", "backend"])
def test_does_not_miss_an_import_and_a_choice_on_one_line(check: RuleCheck) -> None:
    outcome = check.ignores("import os\nimport matplotlib as mpl; mpl.use('Agg')\n")
    assert outcome.state is State.DRIFTED


def test_broadcasts_on_the_hpu() -> None:
    broadcast_on_hpu.changes(
        """\
        class BroadcastGlobalVariablesHook(Hook):
            # The first card sends.
            def __init__(self, root_rank, device='', model_dir=None):  # all cards
                self.device = device  # or ''
        """,
        """\
        class BroadcastGlobalVariablesHook(Hook):
            # The first card sends.
            def __init__(self, root_rank, device='/device:HPU:0', model_dir=None):  # all cards
                self.device = device  # or ''
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            class BroadcastGlobalVariablesHook(Hook):
              @checked
              def __init__(
                  self,
                  root_rank=0,
                  device: str = "",  # where
                  name='',  # of the operation
              ):
                pass
            """,
            """\
            class BroadcastGlobalVariablesHook(Hook):
              @checked
              def __init__(
                  self,
                  root_rank=0,
                  device: str = '/device:HPU:0',  # where
                  name='',  # of the operation
              ):
                pass
            """,
            id="a parameter to a line, with types and double quotes",
        ),
        pytest.param(
            """\
            class BroadcastGlobalVariablesHook(Hook):
                def __init__(self, *, device=''): pass  # by name
            """,
            """\
            class BroadcastGlobalVariablesHook(Hook):
                def __init__(self, *, device='/device:HPU:0'): pass  # by name
            """,
            id="by keyword only",
        ),
    ],
)
def test_broadcasts_on_the_hpu_however_it_is_laid_out(before: str, after: str) -> None:
    broadcast_on_hpu.changes(before, after)


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            class BroadcastGlobalVariablesHook(Hook):
                def __init__(self, root_rank, device='/cpu:0'):
                    pass
            """,
            2,
            "device of function __init__ is '/cpu:0', expected ''",
            id="another device",
        ),
        pytest.param(
            """\
            class BroadcastGlobalVariablesHook(Hook):
                def __init__(self, root_rank, pretrained_model_path, exclusions, device):
                    pass
            """,
            2,
            "has no default for `device`",
            id="no default",
        ),
    ],
)
def test_leaves_other_parameters_alone(code: str, line: int, why: str) -> None:
    broadcast_on_hpu.drifts(code, line=line, why=why)


def test_shows_no_other_method() -> None:
    outcome = broadcast_on_hpu.ignores(
        """\
        class BroadcastGlobalVariablesHook(Hook):
            def placed(self, root_rank, pretrained_model_path=None, device=''):
                pass
        """
    )
    assert (outcome.state, outcome.nearest) == (State.DRIFTED, None)


def test_leaves_the_device_of_another_class_alone() -> None:
    broadcast_on_hpu.misses(
        """\
        class LoggingTensorHook(Hook):
            def __init__(self, root_rank, pretrained_model_path=None, device=''):
                pass
        """,
        "BroadcastGlobalVariablesHook",
    )


def test_writes_summaries_under_their_own_tags() -> None:
    tag.changes(
        """\
        class LoggingTensorHook(Hook):
            def _summary(self, values):
                for tag, value in values.items():
                    # As the curve is called.
                    this_summary.value.add(tag='avg/{}'.format(tag), simple_value=value)  # mean
        """,
        """\
        class LoggingTensorHook(Hook):
            def _summary(self, values):
                for tag, value in values.items():
                    # As the curve is called.
                    this_summary.value.add(tag=tag, simple_value=value)  # mean
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            class LoggingTensorHook(Hook):
                def _summary(self, values):
                    this_summary.value.add(simple_value=value, tag="avg/{}".format(tag))  # mean
            """,
            """\
            class LoggingTensorHook(Hook):
                def _summary(self, values):
                    this_summary.value.add(simple_value=value, tag=tag)  # mean
            """,
            id="arguments in another order, double quotes",
        ),
        pytest.param(
            """\
            class LoggingTensorHook(Hook):
              def _summary(self, values):
                this_summary.value.add(
                    tag='avg/{}'.format(tag),  # the curve
                    simple_value=value,
                )
            """,
            """\
            class LoggingTensorHook(Hook):
              def _summary(self, values):
                this_summary.value.add(
                    tag=tag,  # the curve
                    simple_value=value,
                )
            """,
            id="an argument to a line, with a comment inside the call",
        ),
        pytest.param(
            """\
            class LoggingTensorHook(Hook):
                def _summary(self, values):
                    this_summary.value.add(tag='avg/{}'.format(tag), simple_value=value)
                    this_summary.value.add(tag='step_time', simple_value=took)  # seconds
            """,
            """\
            class LoggingTensorHook(Hook):
                def _summary(self, values):
                    this_summary.value.add(tag=tag, simple_value=value)
                    this_summary.value.add(tag='step_time', simple_value=took)  # seconds
            """,
            id="a tag of its own beside it",
        ),
    ],
)
def test_writes_summaries_however_the_call_is_laid_out(before: str, after: str) -> None:
    tag.changes(before, after)


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            class EvalHook(Hook):
                def _summary(self, values):
                    this_summary.value.add(tag='avg/{}'.format(tag), simple_value=value)
            """,
            3,
            "in `EvalHook._summary`",
            id="another class",
        ),
        pytest.param(
            """\
            class LoggingTensorHook(Hook):
                def _summary(self, values):
                    this_summary.value.add(tag='max/{}'.format(tag), simple_value=value)
            """,
            3,
            "found `'max/{}'`, expected `'avg/{}'`",
            id="another prefix",
        ),
        pytest.param(
            """\
            class LoggingTensorHook(Hook):
                def _summary(self, values):
                    eval_summary.value.add(tag='avg/{}'.format(tag), simple_value=value)
            """,
            3,
            "found `eval_summary.value.add`, expected `this_summary.value.add`",
            id="another summary",
        ),
    ],
)
def test_leaves_other_summaries_alone(code: str, line: int, why: str) -> None:
    tag.drifts(code, line=line, why=why)


LOGGED = """\
class LoggingTensorHook(Hook):
    def _log(self, values):
        this_summary.value.add(tag='avg/{}'.format(tag), simple_value=value)
"""


def test_writes_summaries_in_the_method_that_has_them_now() -> None:
    tag.changes(LOGGED, LOGGED.replace("'avg/{}'.format(tag)", "tag"))


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param(LOGGED[LOGGED.index("    def") :].replace("_log", "_tell"), id="two methods"),
        pytest.param(
            "    def _summary(self, values):\n        this_summary.value.add(tag=value)\n",
            id="summaries are still written in their own",
        ),
    ],
)
def test_leaves_summaries_alone_where_any_of_two_can_be_meant(beside: str) -> None:
    assert tag.ignores(f"{LOGGED}\n{beside}").state is State.DRIFTED


def test_does_not_miss_a_choice_of_backend_behind_a_colon() -> None:
    drop_backend.drifts("import os\nif headless: mpl.use('Agg')\n", line=2, why="expected")


def test_does_not_miss_an_import_behind_a_colon() -> None:
    drop_mpl.drifts("import os\nif drawing: import matplotlib as mpl\n", line=2, why="")


@pytest.mark.parametrize(
    ("check", "code"),
    [
        pytest.param(
            drop_backend, "mpl.use('Agg')\nmpl.use('TkAgg')\n", id="two choices of a backend"
        ),
        pytest.param(
            drop_backend,
            "mpl.use('Agg')\ndef f():\n    mpl.use('Agg')\n",
            id="one choice of a backend in a function",
        ),
        pytest.param(
            drop_mpl,
            "import matplotlib as mpl\ndef f():\n    import matplotlib as mpl\n",
            id="one import in a function",
        ),
        pytest.param(
            drop_confusion_matrix,
            "from sklearn.metrics import confusion_matrix\n"
            "from sklearn.metrics import confusion_matrix as cm\n",
            id="one import under another name",
        ),
    ],
)
def test_removes_nothing_that_would_be_left_over_elsewhere(check: RuleCheck, code: str) -> None:
    assert check.ignores(code).state is State.AMBIGUOUS


@pytest.mark.parametrize(
    ("check", "code"),
    [
        pytest.param(
            drop_confusion_matrix,
            "import os\nfrom sklearn.metrics import confusion_matrix\n\n\n"
            "def f():\n    return confusion_matrix([1], [1])\n",
            id="a function that calls it",
        ),
        pytest.param(
            drop_mpl,
            "import os\nimport matplotlib as mpl\nmpl.use('Agg')\nmpl.rc('font', size=8)\n",
            id="another setting than the backend",
        ),
        pytest.param(
            drop_mpl,
            "import os\nimport matplotlib as mpl\nmpl.use('TkAgg')\n",
            id="a backend that stays",
        ),
    ],
)
def test_removes_no_import_that_is_still_needed(check: RuleCheck, code: str) -> None:
    check.drifts(code, line=2, why="is still used in this file")


def test_removes_an_import_whose_name_stands_for_something_else() -> None:
    code = "def f(mpl: int) -> int:\n    return g(mpl=1).mpl\n"
    drop_mpl.changes(f"import os\nimport matplotlib as mpl\n{code}", f"import os\n{code}")


def test_leaves_the_choice_of_a_backend_by_keyword_too() -> None:
    drop_backend.changes("import os\nmpl.use(backend='Agg')\n", "import os\n")
