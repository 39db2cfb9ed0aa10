"""dataloader.py: deal the files out to the workers from one order."""

from patcher.edits import statement
from patcher.model import Rule, Section

SECTION = Section(
    heading="supplement/dataloader.py",
    path="efficientdet/dataloader.py",
    rules=(
        Rule(
            item=1,
            title="shuffle the files alike in every worker",
            before="""\
dataset = tf.data.Dataset.list_files(self._file_pattern, shuffle=self._is_training)
""",
            after="""\
dataset = tf.data.Dataset.list_files(self._file_pattern, shuffle=self._is_training, seed=0)
""",
            edit=statement(within="InputReader.__call__"),
            why="Each worker takes every Nth file of an order that it has shuffled by itself, so "
            "that in one pass some files were read by several workers and some by none. The order "
            "still changes from pass to pass, but is the same in every run.",
        ),
    ),
)
