"""effpatch: the documented HPU port of EfficientDet, one rule per edit."""

from pathlib import Path

__version__ = "0.1.0"

VENDOR = Path(__file__).resolve().parent.parent / "vendor"
