"""normalization.py: ask TensorFlow for the distribution strategy where every version has it."""

from patcher.edits import import_from
from patcher.model import Rule, Section

SECTION = Section(
    heading="tensorflow_2_15/normalization.py",
    path="efficientdet/normalization.py",
    rules=(
        Rule(
            item=1,
            title="take the distribution strategy from TensorFlow's public module",
            before="from tensorflow.python.distribute import distribution_strategy_context",
            after="from tensorflow import distribute as distribution_strategy_context",
            edit=import_from(),
            why="Newer TensorFlow has no such internal module, and the import ended the program; "
            "the public one has what is used of it, in older versions too.",
        ),
    ),
)
