"""The absl flags that a module defines, and those that it reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from patcher.verify.lookup import Lookup, string, tested_names
from patcher.verify.module import Module
from patcher.verify.optional_code import with_handler
from patcher.verify.scopes import reads

# What every absl program has: the flags of absl itself, and the methods of FLAGS.
_NAMES = """
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
OF_ABSL = frozenset(_NAMES.split())


def definitions(module: Module) -> Iterator[str | None]:
    """The flags that a module defines; None for a name that is not written out."""
    for call in module.every(ast.Call) if b"DEFINE" in module.content else ():
        match call.func:
            case ast.Attribute(attr=callee) | ast.Name(id=callee) if callee.startswith("DEFINE"):
                named = [keyword.value for keyword in call.keywords if keyword.arg == "name"]
                place = 1 if callee == "DEFINE" else 0
                yield from map(string, named or call.args[place : place + 1])


def lookups(module: Module) -> Iterator[Lookup]:
    """Where a module reads a flag."""
    if b"FLAGS" not in module.content:
        return
    holders = set[int]().union(*(reads(module, name) for name in _holders(module)))
    tested = tested_names(module)
    handled = with_handler(module.statements, {"AttributeError", "KeyError"})
    parts: list[ast.Attribute | ast.Subscript] = [*module.every(ast.Attribute)]
    for node in parts + module.every(ast.Subscript):
        holder, flag = _part_read(node)
        direct = isinstance(holder, ast.Attribute) and holder.attr == "FLAGS"
        if flag and (direct or id(holder) in holders):
            optional = flag in tested or id(node) in handled
            yield Lookup(module.path, node.lineno, flag, optional)


def _part_read(node: ast.Attribute | ast.Subscript) -> tuple[ast.expr, str | None]:
    """What `x.name` or `x["name"]` reads, and of what."""
    if not isinstance(node.ctx, ast.Load):
        return node.value, None
    return node.value, node.attr if isinstance(node, ast.Attribute) else string(node.slice)


def _holders(module: Module) -> Iterator[str]:
    """The names by which a module knows absl's FLAGS."""
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(attr="FLAGS")):
                yield name
            case ast.ImportFrom(names=aliases):
                yield from (each.asname or each.name for each in aliases if each.name == "FLAGS")
