"""What the document leaves out and a run needs.

The quotes are of the upstream's code, at places that the document's edits leave as they are: the
two packs can be applied in either order, or one of them alone. Like the document's, these edits
import `TensorFlow.common`.
"""

from patcher.model import Pack
from rules.supplement import dataloader, det_model_fn, efficientdet_arch, hooks, utils

SUPPLEMENT = Pack(
    "supplement",
    (
        dataloader.SECTION,
        det_model_fn.SECTION,
        efficientdet_arch.SECTION,
        hooks.SECTION,
        utils.SECTION,
    ),
)
