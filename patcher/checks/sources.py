"""The Python files of a tree, each parsed once, under the names that they are imported by."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain

from patcher.checks.module import Module, Request, bound_by, of_scope, prefixes
from patcher.code import syntax
from patcher.code.syntax import Fault

_OF_EVERY_MODULE = frozenset(
    f"__{word}__"
    for word in ("builtins", "cached", "dict", "doc", "file", "loader", "name", "package", "path")
)
# A module that does any of this may define names that its source does not show. Most hold none of
# the words, which is quick to see.
_WORDS = (b"globals(", b"sys.modules", b"exec(", b"__getattr__(")
_DYNAMIC = re.compile(rb"\bglobals\(|\bsys\.modules\b|\bexec\(|^def __getattr__\(", re.MULTILINE)


class Sources:
    """The files of one side of a tree, by path; imports start from the folder `root`.

    Parsed files of the other side serve again where the bytes are the same.
    """

    def __init__(
        self, files: Mapping[str, bytes], root: str = "", other: Sources | None = None
    ) -> None:
        self.files = files
        self.prefix = f"{root}/" if root else ""
        self._other = other
        self._read: dict[str, Module | Fault] = {}
        self._names: dict[str, frozenset[str] | None] = {}

    def read(self, path: str) -> Module | Fault | None:
        """A parsed file, or what is wrong with it; None where there is no such file."""
        if path not in self._read and path in self.files:
            other, content = self._other, self.files[path]
            found: Module | Fault | ast.Module | None
            found = other.read(path) if other and other.files.get(path) == content else None
            found = found or syntax.read(content)
            if isinstance(found, ast.Module):
                found = Module(path, self._dotted(path), content, found)
            self._read[path] = found
        return self._read.get(path)

    def module(self, path: str | None) -> Module | None:
        """A parsed file, if it is there and is Python."""
        found = self.read(path) if path else None
        return found if isinstance(found, Module) else None

    def requests(self, path: str) -> Sequence[Request]:
        """What a file imports; nothing where it is not there, or is not Python."""
        module = self.module(path)
        return module.requests if module else ()

    def modules(self, word: str) -> Iterator[Module]:
        """The files that are Python and hold a word somewhere."""
        holding = (path for path in self.files if word.encode() in self.files[path])
        return filter(None, map(self.module, holding))

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The path of each module by its dotted name, "" for a folder that is none.

        Of two modules of a name, the one below the root counts.
        """
        below = [path for path in self.files if path.startswith(self.prefix)]
        modules = {self._dotted(path): path for path in (*self.files, *below)}
        return dict.fromkeys(chain.from_iterable(map(prefixes, modules)), "") | modules

    def closure(self, path: str) -> list[Module]:
        """A file and all modules that it imports, one through the other; none without the file."""
        waiting, found = [path], dict[str, Module]()
        while waiting:
            path = waiting.pop()
            module = self.module(path)
            if module and path not in found:
                found[path] = module
                names = {name for each in module.requests for name in each.loaded}
                waiting += [self.paths[name] for name in names if name in self.paths]
        return [found[path] for path in sorted(found)]

    def offers(self, module: str, name: str) -> bool:
        """Whether a module of the tree offers a name, or may do so without showing it."""
        if name in _OF_EVERY_MODULE or f"{module}.{name}" in self.paths:
            return True
        names = self.names(module)
        return names is None or name in names

    def names(self, name: str) -> frozenset[str] | None:
        """The names bound in a module of the tree; None where its source does not show them."""
        if name not in self._names:
            self._names[name] = None  # for modules that import `*` from each other
            module = self.module(self.paths.get(name))
            if module and not _is_dynamic(module.content):
                taken = [self._starred(each.module) for each in module.requests if each.name == "*"]
                if None not in taken:
                    self._names[name] = _bound(module).union(*filter(None, taken))
        return self._names[name]

    def _starred(self, name: str) -> frozenset[str] | None:
        """The names that an import of `*` takes from a module."""
        names, module = self.names(name), self.module(self.paths.get(name))
        if names is None or module is None:
            return None
        listed = _listed(module)
        public = (name for name in names if not name.startswith("_"))
        return frozenset(public) if listed is None else listed

    def _dotted(self, path: str) -> str:
        """The name that others import a file by; "" for the `__init__.py` of the root."""
        parts = path.removeprefix(self.prefix).removesuffix(".py").split("/")
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_dynamic(content: bytes) -> bool:
    return any(word in content for word in _WORDS) and bool(_DYNAMIC.search(content))


def _bound(module: Module) -> frozenset[str]:
    """The names that running a module leaves bound, on whichever branch."""
    names = set[str]()
    for statement in module.tree.body:
        if isinstance(statement, ast.Delete):
            names -= {each.id for each in statement.targets if isinstance(each, ast.Name)}
        names.update(filter(None, map(bound_by, of_scope([statement]))))
    declared = (each.names for each in module.statements if isinstance(each, ast.Global))
    return frozenset(names).union(*declared)


def _listed(module: Module) -> frozenset[str] | None:
    """The names in a plain `__all__`; None where there is none."""
    for statement in module.tree.body:
        if isinstance(statement, ast.Assign) and "__all__" in map(ast.unparse, statement.targets):
            with suppress(TypeError, ValueError):
                return frozenset(ast.literal_eval(statement.value))
    return None
