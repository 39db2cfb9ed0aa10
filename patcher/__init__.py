"""effpatch: the documented HPU port of EfficientDet, one rule per edit."""

__version__ = "0.1.0"
