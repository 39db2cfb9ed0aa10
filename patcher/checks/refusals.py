"""What is not evaluated of the code of a tree, as sentences."""

import ast

# What a syntax node is called, where not by the name of its class.
_WORDS: dict[type[ast.AST], str] = {
    ast.AsyncFor: "async for",
    ast.AsyncFunctionDef: "async def",
    ast.AsyncWith: "async with",
    ast.ClassDef: "class",
    ast.Delete: "del",
    ast.Dict: "{...}",
    ast.DictComp: "{...}",
    ast.FunctionDef: "def",
    ast.GeneratorExp: "(... for ...)",
    ast.ImportFrom: "import",
    ast.NamedExpr: ":=",
    ast.Set: "{...}",
    ast.SetComp: "{...}",
    ast.YieldFrom: "yield",
}


class Refusal(Exception):
    """What a form does that is not evaluated.

    Attributes:
        line: 1-based, in the file that holds the form; 0 where it is not known yet.
    """

    line = 0

    @property
    def reason(self) -> str:
        """What the form does, and what is wrong with that."""
        return f"{self}, which is not evaluated"


class Excess(Refusal):
    """What a form does too much of."""

    @property
    def reason(self) -> str:
        """What the form does, and what is wrong with that."""
        return str(self)


def unknown(node: ast.stmt | ast.expr) -> Refusal:
    """The refusal of a syntax node."""
    kind = type(node)
    return refused(f"uses `{_WORDS.get(kind, kind.__name__.lower())}`", node)


def refused(text: str, node: ast.stmt | ast.expr) -> Refusal:
    """The refusal of what a syntax node does."""
    refusal = Refusal(text)
    refusal.line = node.lineno
    return refusal
