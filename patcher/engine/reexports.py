"""Names that a rule drops from a module's imports, though other files import them from there."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from patcher.code import syntax
from patcher.code.imports import imported_names, quoted_import
from patcher.engine.blockers import Refusal
from patcher.model import Outcome, Pack, Rule, Section, State


def still_imported(
    packs: Sequence[Pack], outcomes: Iterable[Outcome], files: Mapping[str, bytes]
) -> dict[str, Refusal]:
    """Why rules that are pending would break other files, by their ids.

    Args:
        packs: All of the plan.
        outcomes: How the rules stand that were chosen.
        files: The files of the tree as the plan leaves them.
    """
    states = {outcome.id: outcome.state for outcome in outcomes}
    reasons = dict[str, Refusal]()
    for id_, section, rule in (entry for pack in packs for entry in pack.entries()):
        names = dropped(rule) if states.get(id_) is State.PENDING else ()
        for name in sorted(names):
            for path in _importers(name, section, files):
                reason = f"{path} imports `{name}` from here"
                reasons.setdefault(id_, Refusal(reason, f"import it otherwise in {path}"))
    return reasons


def dropped(rule: Rule) -> frozenset[str]:
    """The names that a rule takes out of its module's imports."""
    if rule.adds or not rule.edit.is_import:
        return frozenset()
    kept = imported_names(quoted_import(rule.after)) if rule.after else frozenset()
    return imported_names(quoted_import(rule.before)) - kept


def _importers(name: str, section: Section, files: Mapping[str, bytes]) -> Iterator[str]:
    """The other files that import a name from the module of a section."""
    module = _parts(section.path, section.root)
    for path, content in files.items():
        if path == section.path or name.encode() not in content:
            continue
        tree = syntax.read(content) if len(content) <= syntax.LARGEST else None
        if isinstance(tree, ast.Module) and any(
            _imports(node, name, module, path, section.root) for node in ast.walk(tree)
        ):
            yield path


def _imports(node: ast.AST, name: str, module: Sequence[str], path: str, root: str) -> bool:
    """Whether a node imports a name from a module, or takes it from there as an attribute."""
    match node:
        case ast.ImportFrom(names=names, module=source, level=level):
            above = path.split("/")[:-level] if level else []
            parts = [*above, *(source.split(".") if source else ())]
            found = tuple(parts[len(_folder(root)) :] if _is_below(parts, root) else parts)
            return found == module and any(each.name in (name, "*") for each in names)
        case ast.Attribute(attr=attr, value=ast.Name(id=last) | ast.Attribute(attr=last)):
            return attr == name and last == module[-1]
    return False


def _parts(path: str, root: str) -> tuple[str, ...]:
    """The parts of the name that a file is imported by."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return tuple(parts[len(_folder(root)) :] if _is_below(parts, root) else parts)


def _folder(root: str) -> list[str]:
    return [part for part in root.split("/") if part]


def _is_below(parts: Sequence[str], root: str) -> bool:
    folder = _folder(root)
    return list(parts[: len(folder)]) == folder and len(parts) > len(folder)
