"""Where pip takes packages from: one index for each, and nothing beside it.

With several indexes, pip takes the highest version that any of them offers: whoever owns one of
them could replace any package. So none is named but the one that a package belongs to, and what
pip's own configuration says of others is left out.
"""

import ast
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from patcher.errors import StackError
from patcher.training import processes
from patcher.training.credentials import secrets_of
from patcher.training.isolation import python_command

_PUBLIC = "https://pypi.org/simple"
_SETTING = re.compile(r"(global|install|:env:)\.([\w-]+)=(.*)")
_SECTIONS = ("global", "install", ":env:")  # later ones win
_TRUE = ("1", "true", "t", "yes", "y", "on")  # as pip has it
# How an index is reached, and what may be taken from it.
_KEPT = (
    *("cache-dir", "cert", "client-cert", "constraint", "default-timeout", "keyring-provider"),
    *("no-cache-dir", "proxy", "retries", "timeout", "trusted-host"),
)
_FILES = ("cache-dir", "cert", "client-cert")
_LISTS_OF_FILES = ("constraint", "find-links")


@dataclass(frozen=True, slots=True)
class Sources:
    """The settings of pip, as the user has them; the later of two with the same name.

    Credentials in them are given to pip by its environment, which other users cannot read.
    """

    settings: Mapping[str, str]

    def public(self) -> dict[str, str]:
        """The variables with which pip takes packages from the user's one index, else from PyPI.

        That is a folder of files, where pip is set up to use no index.
        """
        if self.settings.get("no-index", "").lower() in _TRUE:
            links = {"PIP_FIND_LINKS": self._value("find-links")}
            return {**self._kept(), **links, "PIP_NO_INDEX": "1"}
        return self.of(self.settings.get("index-url", _PUBLIC))

    def of(self, index: str) -> dict[str, str]:
        """The variables with which pip takes packages from an index."""
        return {**self._kept(), "PIP_INDEX_URL": index}

    @property
    def secrets(self) -> frozenset[str]:
        """What must be shown of none of them."""
        return secrets_of(word for value in self.settings.values() for word in value.split())

    def _kept(self) -> dict[str, str]:
        kept = {name: self._value(name) for name in _KEPT if self.settings.get(name)}
        variables = {f"PIP_{name.upper().replace('-', '_')}": text for name, text in kept.items()}
        # A null device in place of a file makes pip read no configuration at all.
        return {"PIP_CONFIG_FILE": os.devnull, **variables}

    def _value(self, name: str) -> str:
        value = self.settings.get(name, "")
        if name in _FILES:
            return _absolute(value)
        return " ".join(map(_absolute, value.split())) if name in _LISTS_OF_FILES else value


def read_sources(python: Path, variables: Mapping[str, str]) -> Sources:
    """The settings of pip in a Python, from its variables and configuration files.

    Raises:
        StackError: pip cannot read them.
    """
    # Verbose, as a pip that is told to be quiet lists nothing.
    options = ("-vvv", "--disable-pip-version-check", "config", "list")
    command = python_command(python, "-m", "pip", *options)
    done = subprocess.run(command, env=variables, capture_output=True, text=True, errors="replace")
    if done.returncode:
        found = f"cannot read its settings ({processes.last_line(done.stderr.splitlines())})"
        raise StackError("pip", found, next_step="correct them and run again with --force")
    settings = sorted(_settings(done.stdout), key=lambda each: _SECTIONS.index(each[0]))
    return Sources({name: value for _, name, value in settings})


def _settings(listed: str) -> Iterator[tuple[str, str, str]]:
    """Section, name and value of each setting that `pip config list` prints and `install` heeds."""
    for line in listed.splitlines():
        if found := _SETTING.fullmatch(line):
            section, name, value = found.groups()
            same = "index-url" if name == "pypi-url" else name  # two names of one setting
            yield section, same, str(ast.literal_eval(value)).strip()


def _absolute(place: str) -> str:
    """A path, now relative to the current folder, as pip finds it from any other."""
    return place if "://" in place or place.startswith("~") else os.path.abspath(place)
