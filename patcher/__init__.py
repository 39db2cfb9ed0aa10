"""effpatch: documented ports as executable edits."""

from patcher.resources import __version__ as __version__
