"""Why a step towards a stack failed, by what it said."""

from __future__ import annotations

import re
from pathlib import Path

from patcher.errors import NoRoom, PatchError, StepFailed, Unreachable

HEAD = "== "  # begins the line that begins a step
_FULL = re.compile("No space left on device|Disk quota exceeded")
_NETWORK = re.compile(
    "Failed to establish a new connection|Temporary failure in name resolution"
    "|Connection (?:refused|reset|timed out)|Network is unreachable|ProxyError|SSLError"
    "|Read timed out|ConnectTimeout|RemoteDisconnected|HTTP error \\d+|Name or service not known"
)


def of(step: str, log: Path) -> PatchError:
    """The error for the last step in a log."""
    said = log.read_text("utf-8", "replace").rpartition(f"{HEAD}{step}: ")[2].split("\n")
    errors = [line.strip() for line in said if re.match(r"\s*(ERROR|error|CMake Error)\b", line)]
    if any(map(_FULL.search, said)):
        return NoRoom(str(log.parent), f"the disk is full ({step})")
    network = [found[0] for found in map(_NETWORK.search, said) if found]
    if network:
        return Unreachable(step, network[-1], str(log))
    spoken = [line.strip() for line in said[1:] if line.strip()] or ["it said nothing"]
    return StepFailed(step, errors[-1] if errors else spoken[-1], str(log))
