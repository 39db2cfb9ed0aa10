"""What the upstream needs to run on TensorFlow 2.12 to 2.15, the newest that have estimators.

The upstream is of 2020, and the document does not go into versions: the quotes are of the
upstream's code.
"""

from patcher.model import Pack
from rules.tensorflow_2_15 import normalization, utils

TENSORFLOW_2_15 = Pack("tensorflow_2_15", (normalization.SECTION, utils.SECTION))
