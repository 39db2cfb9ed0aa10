"""Names that a rule drops from a module's imports, though other files import them from there."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from patcher.code import syntax
from patcher.code.imports import imported_names, quoted_import
from patcher.code.keys import last_name
from patcher.code.module_names import below, module_parts
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
    module = module_parts(section.path, section.root)
    others = {path: content for path, content in files.items() if path != section.path}
    said = () if section.path.endswith("/__init__.py") else (module[-1],)
    wanted = any(name.encode() in content for content in others.values())
    for path, content in others.items() if wanted else ():
        words = (*said, "import *" if b"import *" in content else name)
        if not all(word.encode() in content for word in words):
            continue
        tree = syntax.tree(content)
        if tree and _imports(tree, name, module, path, section.root):
            yield path


def _imports(tree: ast.Module, name: str, module: Sequence[str], path: str, root: str) -> bool:
    """Whether a file imports a name from a module, or takes it from there as an attribute."""
    modules = {module[-1]}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            source = _source(node, path, root)
            if source == module and any(each.name in (name, "*") for each in node.names):
                return True
            parent = [each for each in node.names if (*source, each.name) == module]
            modules |= {each.asname or each.name for each in parent}
        elif isinstance(node, ast.Import):
            modules |= {e.asname for e in node.names if e.asname and e.name.endswith(module[-1])}
    return any(
        isinstance(node, ast.Attribute) and node.attr == name and last_name(node.value) in modules
        for node in ast.walk(tree)
    )


def _source(node: ast.ImportFrom, path: str, root: str) -> tuple[str, ...]:
    """The parts of the name of the module that names are imported from."""
    above = path.split("/")[: -node.level] if node.level else []
    parts = [*above, *(node.module.split(".") if node.module else ())]
    return below(parts, root) or tuple(parts)
