"""A file with one site changed, in every way that is tried.

A site is the code that a rule edits, or the code that what it adds goes behind.
"""

import ast
import io
import keyword
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from patcher import engine
from patcher.model import Plan, Rule
from tests.engine.telling_names import is_telling
from tests.rule_check import DOCUMENTED

Files = Mapping[str, bytes]
RULES = {id_: (section, rule) for id_, section, rule in DOCUMENTED.entries()}
# Their edits need each other's; those of the other files need nothing of another file.
_PACKAGE = "efficientdet/horovod_estimator/__init__.py"
TOGETHER = (
    {"efficientdet/main.py", "efficientdet/det_model_fn.py", _PACKAGE},
    {"efficientdet/horovod_estimator/utis.py", _PACKAGE},
)
_WORD = re.compile(r"[A-Za-z_][\w/{}.-]*")
_OPENS = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.With)


@dataclass(frozen=True)
class Mutant:
    """A file with one site changed.

    Attributes:
        rules: Ids of the rules whose site it is.
        what: What was done to it.
        scope: The function that it has moved to; None where it has not moved.
        deleted: Whether all of the site is gone.
        named: The name that is another now, where it tells what the rules edit, by rule.
        comments: The lines of a comment that a rule removes, as they are now.
    """

    rules: tuple[str, ...]
    path: str
    what: str
    code: bytes
    scope: str | None = None
    deleted: bool = False
    named: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{', '.join(self.rules)}: {self.what}"


def sections_with(path: str) -> Iterator[str]:
    """The files that are planned with another, as edits of one may need those of the other."""
    for section in DOCUMENTED.sections:
        if any({section.path, path} <= each for each in (*TOGETHER, {path})):
            yield section.path


def planned(files: Files, path: str) -> Plan:
    """The plan of a file, with those that it is planned with."""
    paths = set(sections_with(path))
    sections = tuple(each for each in DOCUMENTED.sections if each.path in paths)
    return engine.plan([replace(DOCUMENTED, sections=sections)], files)


def mutants(files: Files, path: str) -> list[Mutant]:
    """Every mutant of a file of the pin, those of the same code as one."""
    text = files[path].decode()
    found = dict[bytes, Mutant]()
    for outcome in planned(files, path).outcomes:
        if outcome.file != path:
            continue
        rule = RULES[outcome.id][1]
        for line in dict.fromkeys(site.line for site in outcome.sites):
            for mutant in _of_site(text, Site.at(text, line, rule), outcome.id, path):
                if _parses(mutant.code):
                    same = found.get(mutant.code, replace(mutant, rules=(), named=()))
                    rules = tuple(dict.fromkeys((*same.rules, *mutant.rules)))
                    named = same.named + mutant.named
                    comments = same.comments or mutant.comments
                    found[mutant.code] = replace(same, rules=rules, named=named, comments=comments)
    found.pop(files[path], None)
    return list(found.values())


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _parses(code: bytes) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


@dataclass(frozen=True)
class Site:
    """Some statements, or a comment: lines `start` to `end`, 1-based, both included."""

    start: int
    end: int
    nodes: tuple[ast.stmt, ...] = ()

    @classmethod
    def at(cls, text: str, line: int, rule: Rule) -> "Site":
        """The site of a rule that starts on a line; the innermost statement that does."""
        if rule.edit.kind == "comment_block":
            lines = text.splitlines()
            end = line
            while lines[end].lstrip().startswith("#"):
                end += 1
            return cls(line, end)
        module = _parsed(text)
        bodies = (
            body
            for node in ast.walk(module)
            for name in ("body", "orelse", "finalbody")
            if isinstance(body := getattr(node, name, None), list)
        )
        body, first = next(
            (body, index)
            for body in bodies
            for index, each in enumerate(body)
            if isinstance(each, ast.stmt) and each.lineno == line
        )
        nodes = tuple(body[first : first + _count(rule)])
        return cls(line, nodes[-1].end_lineno or line, nodes)

    def part(self, node: ast.stmt) -> "Site":
        """The site that one of several statements is."""
        return Site(node.lineno, node.end_lineno or node.lineno, (node,))


def _count(rule: Rule) -> int:
    """The number of statements that a rule quotes."""
    try:
        return max(len(ast.parse(rule.before).body), 1)
    except SyntaxError:
        return 1


def _of_site(text: str, site: Site, id_: str, path: str) -> Iterator[Mutant]:
    rule = RULES[id_][1]
    lines = text.splitlines(keepends=True)

    def made(what: str, code: Iterable[str], **more: object) -> Mutant:
        return Mutant((id_,), path, what, "".join(code).encode(), **more)  # type: ignore[arg-type]

    parts = [site.part(node) for node in site.nodes] if len(site.nodes) > 1 else []
    for each in [site, *parts]:
        name = "" if each is site else f" statement {parts.index(each) + 1} of it"
        comments = () if each.nodes else _taken(lines, each)
        gone = each is site
        yield made(f"deleted{name}", _without(lines, each), deleted=gone)
        yield made(f"under `if False:`{name}", _dead(lines, each), comments=comments)
        yield made(
            f"moved to a new function{name}",
            [*_without(lines, each), "\n\ndef elsewhere():\n", *_indented(lines, each, "  ")],
            scope="elsewhere",
            comments=comments,
        )
        moved = _to_next_function(text, lines, each)
        if moved:
            scope, code = moved
            yield made(f"moved to `{scope}`{name}", code, scope=scope, comments=comments)
    if not site.nodes:
        yield from _comments(lines, site, made)
    for row, column, old, new in _renamed(text, site):
        line = lines[row - 1]
        code = [*lines[: row - 1], line[:column] + new + line[column + len(old) :], *lines[row:]]
        role = is_telling(rule, text, site.nodes, row, column)
        named = (id_,) if role else ()
        yield made(f"`{old}` is `{new}` at {row}:{column + 1}", code, named=named)


def _taken(lines: Sequence[str], site: Site) -> tuple[str, ...]:
    return tuple(lines[site.start - 1 : site.end])


def _without(lines: Sequence[str], site: Site) -> list[str]:
    """The file without the site; `pass` where nothing else is in its block."""
    before, after = lines[: site.start - 1], lines[site.end :]
    code = [*before, *after]
    if _parses("".join(code).encode()):
        return code
    return [*before, f"{_indent(lines, site)}pass\n", *after]


def _indent(lines: Sequence[str], site: Site) -> str:
    first = lines[site.start - 1]
    return first[: len(first) - len(first.lstrip())]


def _indented(lines: Sequence[str], site: Site, indent: str) -> list[str]:
    """The site's lines, at another indent; a comment with a statement behind it."""
    own = _indent(lines, site)
    taken = [line.removeprefix(own) for line in _taken(lines, site)]
    more = [] if site.nodes else ["pass\n"]
    return [f"{indent}{line}" if line.strip() else line for line in [*taken, *more]]


def _dead(lines: Sequence[str], site: Site) -> list[str]:
    own = _indent(lines, site)
    block = _indented(lines, site, f"{own}  ")
    return [*lines[: site.start - 1], f"{own}if False:\n", *block, *lines[site.end :]]


def _to_next_function(text: str, lines: Sequence[str], site: Site) -> tuple[str, list[str]] | None:
    """The file with the site first in the next function, and that function's dotted name."""
    functions = sorted(_functions(_parsed(text), ""), key=lambda pair: pair[1].lineno)
    for scope, node in functions:
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            at, column = first.end_lineno or first.lineno, first.col_offset
        else:
            at, column = first.lineno - 1, first.col_offset
        if node.lineno > site.end and at > site.end:
            block = _indented(lines, site, " " * column)
            code = _without([*lines[:at], *block, *lines[at:]], site)
            return scope, code
    return None


def _functions(node: ast.AST, scope: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for each in ast.iter_child_nodes(node):
        name = scope
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            name = f"{scope}.{each.name}".lstrip(".")
        if isinstance(each, ast.FunctionDef):
            yield name, each
        yield from _functions(each, name)


def _comments(lines: Sequence[str], site: Site, made: Callable[..., Mutant]) -> Iterator[Mutant]:
    """The comment with a line less, or with another word in a line."""
    for row in range(site.start - 1, site.end):
        rest = [*lines[site.start - 1 : row], *lines[row + 1 : site.end]]
        yield made(
            f"line {row + 1} deleted", [*lines[:row], *lines[row + 1 :]], comments=tuple(rest)
        )
        word = re.search(r"\w+", lines[row])
        if word:
            line = f"{lines[row][: word.end()]}_x{lines[row][word.end() :]}"
            changed = [*lines[site.start - 1 : row], line, *lines[row + 1 : site.end]]
            yield made(
                f"`{word[0]}` is `{word[0]}_x` at {row + 1}",
                [*lines[:row], line, *lines[row + 1 :]],
                comments=tuple(changed),
            )


def _renamed(text: str, site: Site) -> Iterator[tuple[int, int, str, str]]:
    """Every name in a site's statements, or text that is one word: row, column, old, new."""
    rows = {row for node in site.nodes for row in _own_rows(node)}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        row, column = token.start
        if row not in rows:
            continue
        old = token.string
        if token.type == tokenize.NAME and not keyword.iskeyword(old):
            yield row, column, old, f"{old}_x"
        elif token.type == tokenize.STRING and _WORD.fullmatch(old[1:-1]):
            yield row, column, old, f"{old[:-1]}_x{old[-1]}"


def _own_rows(node: ast.stmt) -> range:
    """The rows of a statement; of one with a long block its header's."""
    end = node.end_lineno or node.lineno
    body = getattr(node, "body", None)
    if body and (isinstance(node, _OPENS) or end - node.lineno > 8):
        end = max(body[0].lineno - 1, node.lineno)
    return range(node.lineno, end + 1)
