"""The digest of a pack: what tells two versions of it apart."""

import hashlib
from pathlib import Path


def digest_of(folder: Path) -> str:
    """SHA-256 of the names and contents of a pack's files, in hex digits.

    It is that of what `sha256sum` prints for all files below the folder, by their paths from there
    in the order of bytes.
    """
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*")}
    lines = (
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {path}\n"
        for path, file in sorted(files.items())
        if file.is_file()
    )
    return hashlib.sha256("".join(lines).encode(errors="surrogateescape")).hexdigest()
