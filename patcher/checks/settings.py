"""Settings: the flags and parameters that the program reads, it also defines."""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import NamedTuple

from patcher.checks.model import Finding, Subject
from patcher.checks.module import Function, Module, Scope, bound_by, of_scope, reads

# What every absl program has: the flags of absl itself, and the methods of FLAGS.
_OF_ABSL = """
    alsologtostderr append_flag_values append_flags_into_file find_module_defining_flag
    find_module_id_defining_flag flag_values_dict flagfile flags_by_module_dict
    flags_by_module_id_dict flags_into_string get_flag_value get_flags_for_module get_help
    get_key_flags_for_module help helpfull helpshort helpxml is_gnu_getopt is_parsed log_dir
    logger_levels logtostderr main_module_help mark_as_parsed module_help only_check_args pdb
    pdb_post_mortem profile_file read_flags_from_files register_flag_by_module
    register_flag_by_module_id register_key_flag_for_module remove_flag_values run_with_pdb
    run_with_profiling set_default set_gnu_getopt showprefixforinfo stderrthreshold undefok
    unparse_flags use_cprofile_for_profiling v validate_all_flags verbosity
    write_help_in_xml_format
    """
_Part = ast.Attribute | ast.Subscript


class _Lookup(NamedTuple):
    """Where a setting is read; optional where the file tests for it or catches the error."""

    file: str
    line: int
    name: str
    optional: bool


_Reads = Callable[[Module], Sequence[_Lookup]]
_Defines = Callable[[Module], Sequence[str | None]]


def check(subject: Subject, *, params: str = "") -> list[Finding] | None:
    """The settings that the program reads and nothing defines since the edits.

    Looked at are the program and all that it imports, one through the other; None where there is
    no program, or it reads no setting. What was missing before the edits as well is advice.
    `params` names the mapping in which the program keeps parameters; "" for none.
    """
    program = subject.new.closure(subject.program)
    text = "flag `{}` is read, expected its definition"
    kinds = [(cache(_flags_read), cache(_flags_defined), text)]
    if params:
        text = f"{params}['{{}}'] is read, expected code that writes it"
        kinds.append((cache(partial(_params_read, params)), cache(_params_written), text))
    found, checked = list[Finding](), False
    for read, define, text in kinds:  # in each module once: most are the same before and after
        missing = _missing(program, read, define)
        checked |= missing is not None
        old = _missing(subject.old.closure(subject.program), read, define) if missing else None
        known = {lookup.name for lookup in old or ()}
        for file, line, name, _ in missing or ():
            found.append(Finding(file, line, text.format(name), name in known))
    return sorted(found) if checked else None


def _missing(program: list[Module], reads: _Reads, defines: _Defines) -> list[_Lookup] | None:
    """The lookups that find nothing; None where there are none, or that cannot be known."""
    lookups = [lookup for module in program for lookup in reads(module)]
    defined = set[str | None]().union(*map(defines, program)) if lookups else {None}
    if None in defined:
        return None
    return [each for each in lookups if not each.optional and each.name not in defined]


def _flags_defined(module: Module) -> list[str | None]:
    """The flags that a module defines; None for one whose name is not written out."""
    found: list[str | None] = [*_OF_ABSL.split()]
    for call in module.every(ast.Call) if b"DEFINE" in module.content else ():
        match call.func:
            case ast.Attribute(attr=callee) | ast.Name(id=callee) if callee.startswith("DEFINE"):
                named = [keyword.value for keyword in call.keywords if keyword.arg == "name"]
                place = 1 if callee == "DEFINE" else 0
                found += map(_string, named or call.args[place : place + 1])
    return found


def _flags_read(module: Module) -> list[_Lookup]:
    if b"FLAGS" not in module.content:
        return []
    found = [each for name in _names_of_flags(module) for each in reads(module, name).items()]
    holders = {node for node, scope in found if scope is None}
    parts: list[_Part] = module.every(ast.Attribute, ast.Subscript)
    read = (p for p in parts if p.value in holders or getattr(p.value, "attr", "") == "FLAGS")
    return _lookups(module, read, "AttributeError", "KeyError")


def _names_of_flags(module: Module) -> Iterator[str]:
    """The names by which a module knows absl's FLAGS."""
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(attr="FLAGS")):
                yield name
            case ast.ImportFrom(names=aliases):
                yield from (each.asname or each.name for each in aliases if each.name == "FLAGS")


def _params_written(module: Module) -> list[str | None]:
    """Keys put into any mapping, attributes set on any object: what flows where is not followed."""
    found = list[str | None]()
    parts: list[_Part] = module.every(ast.Subscript, ast.Attribute)
    stored = (part for part in parts if isinstance(part.ctx, ast.Store))
    for node in (*stored, *module.every(ast.Dict, ast.Call)):
        match node:
            case ast.Subscript(slice=key):
                found.append(_string(key))
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                found.append(name if owner != "self" else None)
            case ast.Dict(keys=keys):
                found += map(_string, keys)
            case ast.Call(func=ast.Name(id="dict") | ast.Attribute(attr="update"), keywords=named):
                found += (keyword.arg for keyword in named)
            case ast.Call(func=ast.Attribute(attr="setdefault"), args=[key, *_]):
                found.append(_string(key))
    return [name for name in found if name]


def _params_read(mapping: str, module: Module) -> list[_Lookup]:
    if mapping.encode() not in module.content:
        return []
    found = reads(module, mapping)
    scopes = {scope for scope in set(found.values()) if _has_mapping(scope, mapping)}
    read = (
        part
        for part in module.every(ast.Subscript)
        if found.get(part.value) in scopes or getattr(part.value, "attr", "").strip("_") == mapping
    )
    return _lookups(module, read, "KeyError", "LookupError")


def _has_mapping(scope: Scope | None, name: str) -> bool:
    """Whether a local of a function is the program's mapping: a parameter, or a dictionary.

    Another local is not, such as a row of a table.
    """
    if not isinstance(scope, Function):
        return False
    parameters = (each for each in ast.iter_child_nodes(scope.args) if each is not scope.args.kwarg)
    if name in map(bound_by, parameters):
        return True
    for node in of_scope(ast.iter_child_nodes(scope)):
        match node:
            case ast.Assign(targets=targets, value=ast.Dict() | ast.Call(func=ast.Name(id="dict"))):
                if name in map(bound_by, targets):
                    return True
    return False


def _lookups(module: Module, parts: Iterable[_Part], *errors: str) -> list[_Lookup]:
    """What is read of `x.name` and `x["name"]`; `errors` are raised where it is not there."""
    tested, handled = set(_tested_names(module)), module.caught(*errors)
    named = (
        (part, part.attr if isinstance(part, ast.Attribute) else _string(part.slice))
        for part in parts
        if isinstance(part.ctx, ast.Load)
    )
    return [
        _Lookup(module.path, part.lineno, name, name in tested or part in handled)
        for part, name in named
        if name
    ]


def _tested_names(module: Module) -> Iterator[str | None]:
    """The names that a module tests for: `'x' in settings`, `hasattr(settings, 'x')`."""
    for node in module.every(ast.Compare, ast.Call):
        match node:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], left=name):
                yield _string(name)
            case ast.Call(func=ast.Name(id="hasattr"), args=[_, name]):
                yield _string(name)


def _string(node: ast.AST | None) -> str | None:
    """The string that stands there; None for anything else."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) else None
