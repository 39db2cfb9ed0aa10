"""The Python files of a tree, each parsed once, under the names that they are imported by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from patcher.code import syntax
from patcher.code.syntax import Fault
from patcher.verify.module import Module, Request


class Sources:
    """The files of one side of a tree.

    Args:
        files: Their bytes by path.
        root: The folder that imports start from; "" for that of the files.
        other: The other side, whose parsed files serve again where the bytes are the same.
    """

    def __init__(
        self, files: Mapping[str, bytes], root: str = "", other: Sources | None = None
    ) -> None:
        self.files = files
        self.prefix = f"{root}/" if root else ""
        self._other = other
        self._read: dict[str, Module | Fault] = {}

    def read(self, path: str) -> Module | Fault | None:
        """A parsed file, or what is wrong with it; None where there is no such file."""
        if path not in self._read and path in self.files:
            other, content = self._other, self.files[path]
            shared = other.read(path) if other and other.files.get(path) == content else None
            self._read[path] = shared or self._parsed(path, content)
        return self._read.get(path)

    def module(self, path: str | None) -> Module | None:
        """A parsed file, if it is there and is Python."""
        found = self.read(path) if path else None
        return found if isinstance(found, Module) else None

    def named(self, name: str) -> Module | None:
        """The module of a dotted name, if it is there and is Python."""
        return self.module(self.paths.get(name))

    def modules(self, word: str = "") -> Iterator[Module]:
        """The files that are Python and hold a word somewhere."""
        holding = (path for path in self.files if word.encode() in self.files[path])
        return filter(None, map(self.module, holding))

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The path of each module by its dotted name; what is below the root comes first."""
        below = [path for path in self.files if path.startswith(self.prefix)]
        return {self._dotted(path): path for path in (*self.files, *below)}

    @cached_property
    def folders(self) -> frozenset[str]:
        """The dotted names of all folders that hold modules."""
        return frozenset(
            name[:dot] for name in self.paths for dot, sign in enumerate(name) if sign == "."
        )

    def closure(self, path: str) -> list[Module]:
        """A file and all modules that it imports, one through the other; none without the file."""
        waiting, found = [path], dict[str, Module]()
        while waiting:
            path = waiting.pop()
            module = self.module(path)
            if module and path not in found:
                found[path] = module
                names = {name for request in module.requests for name in loaded(request)}
                waiting += [self.paths[name] for name in names if name in self.paths]
        return [found[path] for path in sorted(found)]

    def _parsed(self, path: str, content: bytes) -> Module | Fault:
        found = syntax.read(content)
        if isinstance(found, Fault):
            return found
        return Module(path, self._dotted(path), content, found)

    def _dotted(self, path: str) -> str:
        """The name that others import a file by; "" for the `__init__.py` of the root."""
        parts = path.removeprefix(self.prefix).removesuffix(".py").split("/")
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loaded(request: Request) -> Iterator[str]:
    """The names of the modules that a request may load, packages on the way included."""
    parts = f"{request.module}.{request.name}".split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))
