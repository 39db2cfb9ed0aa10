"""What a file has besides its bytes: owner, mode, access control list and extended attributes."""

import errno
import os
import stat
from contextlib import suppress

# What the system sets by itself, or keeps for itself, where it lets nobody set it.
_THEIRS = ("security.", "system.", "trusted.")
_ACL = "system.posix_acl_access"
_UNSUPPORTED = {errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


def copy(source: int, target: int) -> int:
    """Give a file that nobody else can read yet the attributes of another, by their descriptors.

    Returns:
        The mode, of which writing may take the set-user-ID bit away.

    Raises:
        OSError: One of them cannot be given; the error says which.
    """
    wanted, found = os.fstat(source), os.fstat(target)
    if (wanted.st_uid, wanted.st_gid) != (found.st_uid, found.st_gid):
        try:
            os.fchown(target, wanted.st_uid, wanted.st_gid)
        except OSError as error:
            raise _refused(error, "its owner and group cannot be kept") from None
    own = _extended(target)
    for name, value in _extended(source).items():
        if name.startswith(_THEIRS) and own.get(name) == value:
            continue
        try:
            os.setxattr(target, name, value)
        except OSError as error:
            what = "access control list" if name == _ACL else f"extended attribute {name}"
            raise _refused(error, f"its {what} cannot be kept") from None
    mode = stat.S_IMODE(wanted.st_mode)
    os.fchmod(target, mode)
    return mode


def _extended(descriptor: int) -> dict[str, bytes]:
    """The extended attributes of a file, among them its access control list."""
    if not hasattr(os, "listxattr"):  # not every system has them
        return {}
    found = dict[str, bytes]()
    try:
        for name in os.listxattr(descriptor):
            with suppress(FileNotFoundError):
                found[name] = os.getxattr(descriptor, name)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
    return found


def _refused(error: OSError, what: str) -> OSError:
    return OSError(error.errno, f"{what}: {(error.strerror or str(error)).lower()}")
