"""Which keys a module, or a function or class of it, gives values, and whether it always does."""

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from patcher.code.flow import Flow, State, names_in
from patcher.code.keys import Keys, keys_of, union

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Scope = _Function | ast.ClassDef
_DEEPEST = 20  # calls from function to function


class Settings:
    """The keys that the parts of a module set.

    Whose keys they are, names say and not types: in a function that gives an object back, only
    what is set on that object counts, or on one that it was made of.
    """

    def __init__(self, module: ast.Module) -> None:
        self.module = module
        self._busy = set[str]()
        self._known = dict[_Scope, Keys]()

    def anywhere(self, key: str) -> bool:
        """Whether some part of the module sets a key, whatever the condition."""
        parts = (each for each in ast.walk(self.module) if isinstance(each, _Scope))
        return key in self.at_the_top.sometimes or any(key in self._of(e).sometimes for e in parts)

    def of(self, owner: str, key: str, scope: str) -> bool:
        """Whether a variable of a function, or of the module, is given a key, on any condition."""
        function = self.scopes.get(scope)
        body = function.body if function else [] if scope else self.module.body
        node = function if isinstance(function, _Function) else None
        return key in self._walked(body, node, frozenset([owner])).sometimes

    @cached_property
    def at_the_top(self) -> Keys:
        """The keys that the module sets outside its functions and classes."""
        return self._walked(self.module.body)

    def within(self, scope: str) -> Keys | None:
        """The keys that a function or class sets, by its dotted name; None if there is none."""
        node = self.scopes.get(scope)
        return self._of(node) if node else None

    @cached_property
    def scopes(self) -> dict[str, _Scope]:
        """The functions and classes by dotted name, but for those inside functions."""
        return dict(_scopes(self.module.body, ""))

    @cached_property
    def _constants(self) -> dict[str, list[ast.expr]]:
        """What the names stand for that the module assigns."""
        found = dict[str, list[ast.expr]]()
        for node in self.module.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    found.setdefault(name, []).append(value)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    found.setdefault(name, []).append(value)
        return found

    def _of_name(self, name: str) -> Keys:
        """The keys of what a name stands for that the module assigns once."""
        values = self._constants.get(name, [])
        return self._once(name, lambda: self._made(values[0]) if len(values) == 1 else Keys())

    def _of_call(self, name: str) -> Keys:
        """The keys of what a function of the module gives back, or of an object of its class."""
        node = self.scopes.get(name)
        return self._once(f"{name}()", lambda: self._of(node) if node else Keys())

    def _once(self, what: str, find: Callable[[], Keys]) -> Keys:
        """What is found; nothing where it is being looked for already, or calls go too deep."""
        if what in self._busy or len(self._busy) == _DEEPEST:
            return Keys()
        self._busy.add(what)
        try:
            return find()
        finally:
            self._busy.discard(what)

    def _made(self, value: ast.expr | None) -> Keys:
        return keys_of(value, self._of_name, self._of_call)

    def _of(self, node: _Scope) -> Keys:
        if node not in self._known:
            self._known[node] = self._worked_out(node)
        return self._known[node]

    def _worked_out(self, node: _Scope) -> Keys:
        if not isinstance(node, ast.ClassDef):
            return self._walked(node.body, node)
        own = self._walked(node.body, names_are_keys=True)
        for each in node.body:
            if isinstance(each, _Function) and each.name == "__init__" and each.args.args:
                own |= self._walked(each.body, each, frozenset({each.args.args[0].arg}))
        return own

    def _walked(
        self,
        body: Sequence[ast.stmt],
        function: _Function | None = None,
        owners: frozenset[str] | None = None,
        *,
        names_are_keys: bool = False,
    ) -> Keys:
        """The keys that a block has set when it ends or returns; of some objects, or of all."""
        flow = Flow(self._of_name, self._of_call, names_are_keys=names_are_keys)
        end = flow.block(body, State())
        exits = [end.keys(owners)] if end else []
        for state, leave in flow.leaves:
            value = leave.value if isinstance(leave, ast.Return) else None
            mine = owners or (_given_back(value, function) if function else None)
            exits.append(state.keys(mine) | self._made(value))
        sometimes = union([*exits, *(each.keys(owners) for each in flow.stops)]).sometimes
        always = frozenset.intersection(*(each.always for each in exits)) if exits else frozenset()
        return Keys(always, sometimes)


def _given_back(value: ast.expr | None, function: _Function) -> frozenset[str] | None:
    """The variables that a function makes what it gives back of; None where it gives back none."""
    if value is None or isinstance(value, ast.Constant):
        return None
    links = [names for node in ast.walk(function) for names in _linked(node)]
    arguments = function.args
    mine = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    mine = mine.union(*(names[:1] for names in links))
    found = names_in(value) & mine
    while more := {n for names in links if found & {*names} for n in names if n in mine} - found:
        found |= more
    return frozenset(found)


def _linked(node: ast.AST) -> Iterator[list[str]]:
    """A variable that is assigned, and the names that its value mentions."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    yield [target.id, *names_in(value)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield [name, *names_in(value)]
        case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
            yield [name, *names_in(value)]


def _scopes(body: Sequence[ast.stmt], head: str) -> Iterator[tuple[str, _Scope]]:
    for node in body:
        if isinstance(node, _Scope):
            yield f"{head}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from _scopes(node.body, f"{head}{node.name}.")
