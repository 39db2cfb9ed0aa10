"""Which keys code gives values, expression by expression: in mappings, on objects."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

# What makes a mapping, or an object with attributes, of its keywords and of other mappings.
_MAKER = re.compile(r"dict|copy|deepcopy|namespace|\w*(Config|HParams|Params|Dict|Namespace)")
_SETTERS = {"setdefault", "add_hparam", "set_hparam", "__setitem__", "__setattr__"}
_REMOVERS = {"pop", "del_hparam", "__delitem__", "__delattr__"}
_CONDITIONAL = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Keys(NamedTuple):
    """Keys by how often code sets them: whenever it runs, and at least now and then."""

    always: frozenset[str] = frozenset()
    sometimes: frozenset[str] = frozenset()

    def __or__(self, other: "Keys") -> "Keys":
        return Keys(self.always | other.always, self.sometimes | other.sometimes)


class Effect(NamedTuple):
    """What a call does to the object of a name, given as code.

    Attributes:
        owner: The object.
        keys: What is set or removed; None for all that it has.
        sets: Whether they are set; else removed.
    """

    owner: str
    keys: Keys | None
    sets: bool = True


# The keys of what a name stands for, or of what the function of a name returns.
Lookup = Callable[[str], Keys]


def certain(keys: Iterable[str]) -> Keys:
    """Keys that are always set."""
    found = frozenset(keys)
    return Keys(found, found)


def union(found: Iterable[Keys]) -> Keys:
    """The keys of all."""
    result = Keys()
    for each in found:
        result |= each
    return result


def keys_of(node: ast.expr | None, names: Lookup, calls: Lookup) -> Keys:
    """The keys of the mapping, or of the object, that an expression makes."""

    def of(part: ast.expr | None) -> Keys:
        return keys_of(part, names, calls)

    match node:
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return union(of(v) if k is None else certain(texts([k])) for k, v in pairs)
        case ast.Call(func=ast.Name(id=name)) if not _MAKER.fullmatch(name):
            return calls(name)
        case ast.Call(func=func, args=args) if _MAKER.fullmatch(last_name(func)):
            own = calls(func.id) if isinstance(func, ast.Name) else _receiver(func, of)
            return union([own, _keywords(node, of), *map(_pairs, args), *map(of, args)])
        case ast.Call(func=func):
            return _receiver(func, of)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return of(left) | of(right)
        case ast.IfExp(body=one, orelse=other):
            first, second = of(one), of(other)
            return Keys(first.always & second.always, first.sometimes | second.sometimes)
        case ast.NamedExpr(value=value):
            return of(value)
        case ast.Name(id=name):
            return names(name)
    return Keys()


def _receiver(func: ast.expr, of: Callable[[ast.expr], Keys]) -> Keys:
    """The keys of the object that a method is called on, where that is made on the spot."""
    return of(func.value) if isinstance(func, ast.Attribute) else Keys()


def _keywords(node: ast.Call, of: Callable[[ast.expr], Keys]) -> Keys:
    """The keys that the keywords of a call are, with those of mappings behind `**`."""
    return union(certain([k.arg]) if k.arg else of(k.value) for k in node.keywords)


def _pairs(node: ast.expr) -> Keys:
    """The keys of a list of pairs that is written out."""
    each = node.elts if isinstance(node, ast.List | ast.Tuple) else []
    return certain(texts(e.elts[0] for e in each if isinstance(e, ast.Tuple) and len(e.elts) == 2))


def texts(nodes: Iterable[ast.expr]) -> Iterator[str]:
    """The texts among some expressions."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def effect(call: ast.Call, names: Lookup, calls: Lookup) -> Effect | None:
    """What a call does to the keys of an object; None where it does nothing to them."""
    name, args = last_name(call.func), call.args
    owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if name in ("setattr", "delattr", "__setattr__") and len(args) > 1 and owner in ("", "object"):
        return Effect(ast.unparse(args[0]), certain(texts(args[1:2])), name != "delattr")
    if not owner:
        return None
    if name == "update":
        of = [keys_of(each, names, calls) | _pairs(each) for each in args]
        found = _keywords(call, lambda node: keys_of(node, names, calls))
        return Effect(owner, union([found, *of]))
    if name == "clear":
        return Effect(owner, None, False)
    if name in _SETTERS or name in _REMOVERS:
        return Effect(owner, certain(texts(args[:1])), name in _SETTERS)
    return None


def last_name(func: ast.expr) -> str:
    """The last part of the name of what is called; "" where that has none."""
    match func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def calls_in(node: ast.expr | None, is_certain: bool = True) -> Iterator[tuple[ast.Call, bool]]:
    """The calls that an expression makes, the inner first, and whether it always makes them."""
    match node:
        case None | ast.Lambda():
            return
        case ast.IfExp(test=test, body=one, orelse=other):
            parts = [(test, True), (one, False), (other, False)]
        case ast.BoolOp(values=[first, *rest]):
            parts = [(first, True), *((each, False) for each in rest)]
        case _:
            inner = ast.iter_child_nodes(node)
            plain = not isinstance(node, _CONDITIONAL)
            exprs = (e.value if isinstance(e, ast.keyword) else e for e in inner)
            parts = [(each, plain) for each in exprs if isinstance(each, ast.expr)]
    for part, always in parts:
        yield from calls_in(part, is_certain and always)
    if isinstance(node, ast.Call):
        yield node, is_certain
