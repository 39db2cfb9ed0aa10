"""Statements in the place of others, without losing a comment or a blank line."""

from collections.abc import Iterator, Sequence
from itertools import dropwhile

import libcst as cst

from patcher.code.equivalence import equivalent
from patcher.code.outline import Statement


def comments(node: cst.CSTNode) -> Iterator[str]:
    """The text of every comment in a node, in order."""
    if "#" in cst.Module([]).code_for_node(node):  # to print it is faster than to walk through it
        yield from _comments(node)


def _comments(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, cst.Comment):
        yield node.value
    for child in node.children:
        yield from _comments(child)


def transplant(
    nodes: Sequence[Statement], olds: Sequence[Statement], indent: str
) -> tuple[Statement, ...]:
    """`nodes` with the blank lines, the comments and the indent of `olds`.

    Statements of `olds` that go on inside `nodes` keep their layout there. Neither is empty;
    `indent` is what a block nested here adds to the indent.
    """
    fit = _Fit(indent, olds)
    first, *rest = map(fit.put, nodes)
    leading = _joined(olds[0].leading_lines, first.leading_lines)
    new = [first.with_changes(leading_lines=leading), *rest]
    match olds[-1], new[-1]:
        case cst.SimpleStatementLine() as old, cst.SimpleStatementLine() as last:
            if old in fit.olds and old.trailing_whitespace.comment:
                new[-1] = last.with_changes(trailing_whitespace=old.trailing_whitespace)
    return (with_comments_of(new[0], olds, beside=new[1:]), *new[1:])


def _joined(
    above: Sequence[cst.EmptyLine], below: Sequence[cst.EmptyLine]
) -> Sequence[cst.EmptyLine]:
    """Both runs of lines; the second once only where it stands at the end of the first."""
    below = [*dropwhile(lambda line: not line.comment, below)]
    texts = [[line.comment and line.comment.value for line in lines] for lines in (above, below)]
    there = bool(below) and texts[0][-len(below) :] == texts[1]
    return above if there else [*above, *below]


class _Fit(cst.CSTTransformer):
    """Indents blocks, and puts old statements in the place of new ones that mean the same."""

    def __init__(self, indent: str, olds: Sequence[Statement] = ()) -> None:
        super().__init__()
        self.indent = indent
        self.olds = list(olds)
        self.first = olds[:1]

    def put(self, node: Statement) -> Statement:
        kept = self.kept(node)
        if kept is not node or isinstance(node, cst.SimpleStatementLine):
            return kept
        return cst.ensure_type(node.visit(self), type(node))

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        return cst.ensure_type(self.kept(updated_node), cst.SimpleStatementLine)

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        return updated_node.with_changes(indent=self.indent)

    def kept(self, node: Statement) -> Statement:
        """The old statement that means the same, each once; the node where there is none."""
        for old in self.olds:
            if equivalent(node, old):
                self.olds.remove(old)
                return old.with_changes(leading_lines=()) if old in self.first else old
        return node


def with_comments_of(
    node: Statement, olds: Sequence[Statement], beside: Sequence[Statement] = ()
) -> Statement:
    """`node` with those comments of `olds` above it that neither it nor `beside` has."""
    kept = [text for new in (node, *beside) for text in comments(new)]
    missing = list[cst.EmptyLine]()
    for text in (text for old in olds for text in comments(old)):
        if text in kept:
            kept.remove(text)
        else:
            missing.append(cst.EmptyLine(comment=cst.Comment(text)))
    return node.with_changes(leading_lines=[*node.leading_lines, *missing]) if missing else node


def indented(node: Statement, indent: str) -> Statement:
    """The statement with every block in it indented by `indent`."""
    return _Fit(indent).put(node)
