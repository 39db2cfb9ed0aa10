"""The document's 42 edits, in the order of its headings."""

from patcher.model import Pack
from rules.documented import (
    dataloader,
    det_model_fn,
    efficientdet_arch,
    hooks,
    init,
    main,
    normalization_v2,
    utils,
    utis,
)

DOCUMENTED = Pack(
    "documented",
    (
        dataloader.SECTION,
        det_model_fn.SECTION,
        efficientdet_arch.SECTION,
        hooks.SECTION,
        init.SECTION,
        utis.SECTION,
        main.SECTION,
        normalization_v2.SECTION,
        utils.SECTION,
    ),
)
