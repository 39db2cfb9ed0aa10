"""hooks.py: hooks that need neither Horovod, a display nor a GPU."""

from patcher.edits import import_from, import_module, parameter_default, statement
from patcher.model import Rule, Section

SECTION = Section(
    heading="hooks.py",
    path="efficientdet/horovod_estimator/hooks.py",
    rules=(
        Rule(
            item=1,
            title="take hvd from TensorFlow.common",
            before="""\
try:
    import horovod.tensorflow as hvd
except ImportError:
    hvd = None
""",
            after="from TensorFlow.common.horovod_helpers import hvd",
            edit=statement(),
            why="One place decides whether Horovod is used.",
        ),
        Rule(
            item=2,
            title="do not import matplotlib under a second name",
            before="import matplotlib as mpl",
            after="",
            edit=import_module(),
            why="It only served the choice of a backend, which hooks-4 removes.",
        ),
        Rule(
            item=3,
            title="do not import confusion_matrix",
            before="from sklearn.metrics import confusion_matrix",
            after="",
            edit=import_from(),
            why="Nothing uses it, and scikit-learn need not be installed.",
        ),
        Rule(
            item=4,
            title="leave the choice of a matplotlib backend alone",
            before="mpl.use('Agg')",
            after="",
            edit=statement(),
            why="Without a display, matplotlib chooses the same backend by itself.",
        ),
        Rule(
            item=5,
            title="broadcast on the HPU",
            before="""\
def __init__(self, root_rank, pretrained_model_path=None, exclusions=[], device='', model_dir=None):
""",
            after="""\
def __init__(self, root_rank, pretrained_model_path=None, exclusions=[], device='/device:HPU:0', model_dir=None):
""",  # noqa: E501
            edit=parameter_default(within="BroadcastGlobalVariablesHook"),
            why="For running topology on HPU.",
        ),
        Rule(
            item=6,
            title="write summaries under their own tags",
            before="this_summary.value.add(tag='avg/{}'.format(tag), simple_value=value)",
            after="this_summary.value.add(tag=tag, simple_value=value)",
            edit=statement(within="LoggingTensorHook._summary"),
            why="The values are no averages, and other models log them without a prefix.",
        ),
    ),
)
