"""Tells what a host has for a run, as JSON: `python -Ic SOURCE`, by lines of JSON.

From the first line of its input it is given what to look at: `folders` of modules, `patterns` of
data files, and a `file`, "" for none. It prints a line with what it found, and the port where it
waits to be connected to. From the second line it is given the address and port of other hosts by
name, and prints why each cannot be reached, for those that cannot. It runs on the Python of a
stack, 3.8 and newer, isolated; on each host at the same time.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import platform
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

_TIMEOUT = 5.0  # seconds for a connection to another host


def addresses() -> dict[str, list[str]]:
    """The IPv4 addresses of each network interface."""
    import psutil

    links = psutil.net_if_addrs().items()
    return {
        name: [each.address for each in link if each.family == socket.AF_INET]
        for name, link in links
    }


def own_address() -> str:
    """What this host takes for its own address; "" where its name has none."""
    try:
        return socket.gethostbyname(socket.gethostname())
    except OSError:
        return ""


def digests(folder: str) -> dict[str, str]:
    """A digest of each module below a folder, by its path from there."""
    files = sorted(Path(folder).rglob("*.py"))
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        for file in files
        if file.is_file() and os.access(file, os.R_OK)
    }


def names(pattern: str) -> list[Any]:
    """How many files a pattern matches, a digest of their paths and sizes, and an unreadable one.

    That is "" where all can be read; a link that leads nowhere cannot.
    """
    files = sorted(glob.glob(pattern))
    readable = [file for file in files if os.access(file, os.R_OK)]
    sizes = [(file, os.path.getsize(file)) for file in readable]
    digest = hashlib.sha256(json.dumps(sizes).encode()).hexdigest()
    return [len(files), digest, min({*files} - {*readable}, default="")]


def listener() -> tuple[socket.socket | None, str]:
    """A socket that waits on a free port; or why there is none."""
    waiting = socket.socket()
    try:
        waiting.bind(("", 0))
        waiting.listen(128)
    except OSError as error:
        return None, (error.strerror or str(error)).lower()
    return waiting, ""


def fault(place: tuple[str, int]) -> str:
    """Why an address and port cannot be reached; "" where it can."""
    try:
        socket.create_connection((place[0], place[1]), _TIMEOUT).close()
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return ""


def unreached(others: dict[str, tuple[str, int]]) -> dict[str, str]:
    """Why other hosts cannot be reached, by their names."""
    with ThreadPoolExecutor(len(others) or 1) as pool:
        found = dict(zip(others, pool.map(fault, others.values())))
    return {name: why for name, why in found.items() if why}


def main() -> None:
    """Answer the lines of the input."""
    wanted = json.loads(sys.stdin.readline())
    waiting, no_port = listener()
    found = {
        "name": socket.gethostname(),
        "own": own_address(),
        "addresses": addresses(),
        "python": platform.python_version(),
        "packages": {each.metadata["Name"]: each.version for each in distributions()},
        "modules": [digests(folder) for folder in wanted["folders"]],
        "data": [names(pattern) for pattern in wanted["patterns"]],
        "sees": os.path.exists(wanted["file"]),
        "port": waiting.getsockname()[1] if waiting else 0,
        "no_port": no_port,
        "time": time.time(),
    }
    print(f"\n{json.dumps(found)}", flush=True)  # a shell may have left the end of a line open
    if others := sys.stdin.readline():
        print(json.dumps(unreached(json.loads(others))), flush=True)
    sys.stdin.read()  # the port is open until all have tried it


main()
