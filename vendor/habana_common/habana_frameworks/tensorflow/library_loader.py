"""The loader that the document names from release 1.1 on, where Habana's library is not installed.

That library has a module of this name, in a package with an `__init__.py`. There is none here, so
that Python takes the library's module wherever it is on the path, and this one for want of it.
"""

from TensorFlow.common.library_loader import load_habana_module

__all__ = ["load_habana_module"]
