"""Renames that lose nothing: of two files with each other, and to a name that must be free."""

import errno
import os
import sys
from functools import cache
from typing import Any

_NOREPLACE, _EXCHANGE = 1, 2
# What the system says where it, or the file system, cannot do this.
_UNKNOWN = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}


def exchange(source: str, target: str, folders: tuple[int, int]) -> bool:
    """Have two files exchange their names; False where that cannot be done.

    Args:
        source: The name of the one.
        target: The name of the other.
        folders: The descriptors of their folders.

    Raises:
        OSError: One does not exist, or the system refuses.
    """
    return _rename(source, target, folders, _EXCHANGE)


def rename_to_free(source: str, target: str, folders: tuple[int, int]) -> bool:
    """Rename a file to a name that nothing has; False where that cannot be done in one step.

    Raises:
        FileExistsError: Something has it.
        OSError: The system refuses.
    """
    return _rename(source, target, folders, _NOREPLACE)


def _rename(source: str, target: str, folders: tuple[int, int], how: int) -> bool:
    call = _renameat2()
    if call is None:
        return False
    import ctypes

    sys.audit("os.rename", source, target, *folders)
    if call(folders[0], os.fsencode(source), folders[1], os.fsencode(target), how) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number))


@cache
def _renameat2() -> Any:
    """The function of the C library; None where it has none."""
    import ctypes

    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return None
    number, text, flags = ctypes.c_int, ctypes.c_char_p, ctypes.c_uint
    call.argtypes, call.restype = (number, text, number, text, flags), number
    return call
