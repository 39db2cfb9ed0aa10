"""The upstream reformatted, with other line ends, and as it was in each of its earlier states."""

import ast
import io
import subprocess
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

import black
import pytest
from pyflakes.checker import Checker
from pyflakes.messages import UndefinedName

from patcher import engine
from patcher.model import FilePlan, Pack, Rule, Section, State
from patcher.tree.fetch import read_pin
from tests.checks import DOCUMENTED

Files = Mapping[str, bytes]
SECTIONS = {section.path: section for section in DOCUMENTED.sections}
RULES = {id_: (section, rule) for id_, section, rule in DOCUMENTED.entries()}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
BRACKETS = "()[]{}"


@cache
def planned(path: str, content: bytes) -> FilePlan:
    (file,) = engine.plan([Pack("one", (SECTIONS[path],))], {path: content}).files
    return file


def read(tree: Path) -> Files:
    return {path: (tree / path).read_bytes() for path in SECTIONS}


def meaning(code: bytes) -> str:
    """A module's syntax tree, without the white space of its docstrings."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(" ".join(str(node.value.value).split()))
    return ast.dump(tree)


def reformatted(code: bytes, width: int) -> bytes:
    return black.format_str(code.decode(), mode=black.Mode(line_length=width)).encode()


FORMS: dict[str, Callable[[bytes], bytes]] = {
    **{f"black, {n} columns": partial(reformatted, width=n) for n in (79, 100, 140)},
    "CRLF": lambda code: code.replace(b"\n", b"\r\n"),
}


@pytest.mark.parametrize("path", SECTIONS)
@pytest.mark.parametrize("form", FORMS)
def test_a_formatter_loses_no_edit(pristine: Path, path: str, form: str) -> None:
    original = (pristine / path).read_bytes()
    plan = planned(path, FORMS[form](original))
    assert {outcome.state for outcome in plan.outcomes} == {State.PENDING}
    assert {outcome.state for outcome in plan.outcomes_after} == {State.APPLIED}
    assert plan.outcomes_after == planned(path, plan.after).outcomes
    assert meaning(plan.after) == meaning(planned(path, original).after)
    assert b"\r\n" not in plan.after or plan.after.count(b"\n") == plan.after.count(b"\r\n")


def git(repository: Path, *words: str) -> bytes:
    command = ["git", "-C", str(repository), *words]
    done = subprocess.run(command, capture_output=True, timeout=300)
    if done.returncode:
        pytest.skip(f"the upstream's history cannot be fetched here: {done.stderr.decode()}")
    return done.stdout


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The upstream's history up to the pin; files are fetched when they are asked for."""
    repository, pin = tmp_path_factory.mktemp("history"), read_pin()
    git(repository, "init", "--quiet", "--bare")
    git(repository, "remote", "add", "origin", pin.repository)
    git(repository, "fetch", "--quiet", "--filter=blob:none", "origin", pin.commit)
    return repository


@pytest.fixture(scope="module")
def states(history: Path) -> list[Files]:
    """Every state of the files that rules touch, once Horovod is there, the pin's last."""
    commits = git(history, "log", "--format=%H", read_pin().commit, "--", *SECTIONS)
    listings = {listing(history, commit): commit for commit in reversed(commits.decode().split())}
    told = {blob for blobs in listings for _, blob in blobs}
    bytes_of = {blob: git(history, "cat-file", "blob", blob) for blob in told}
    return [
        {path: bytes_of[blob] for path, blob in blobs}
        for blobs in listings
        if any("horovod_estimator" in path for path, _ in blobs)
    ]


def listing(history: Path, commit: str) -> tuple[tuple[str, str], ...]:
    """The paths that rules touch in a commit, with the ids of their contents."""
    lines = git(history, "ls-tree", "-r", commit, "--", *SECTIONS).decode().splitlines()
    return tuple((line.partition("\t")[2], line.split()[2]) for line in lines)


def different(states: list[Files]) -> set[tuple[str, bytes]]:
    return {item for files in states for item in files.items()}


def test_the_history_has_the_states_that_the_pin_came_from(states: list[Files]) -> None:
    wanted = read_pin().sha256
    pin = states[-1]
    assert {path: sha256(content).hexdigest() for path, content in pin.items()}.items() <= (
        wanted.items()
    )
    assert len(states) > 30
    assert len(different(states)) > 3 * len(SECTIONS)


def test_every_rule_of_every_state_is_applied_or_says_why_not(states: list[Files]) -> None:
    for path, content in different(states):
        plan = planned(path, content)
        after = planned(path, plan.after).outcomes
        assert plan.outcomes_after in ((), after)
        for outcome, then in zip(plan.outcomes, after, strict=True):
            done = outcome.state in (State.PENDING, State.APPLIED)
            assert then.state is (State.APPLIED if done else outcome.state), outcome
            said = outcome.nearest is not None and outcome.nearest.why
            assert done or said or outcome.state is State.AMBIGUOUS, outcome
            if outcome.state is State.AMBIGUOUS:
                assert len(outcome.sites) > outcome.expected


def test_twice_is_once_in_every_state(states: list[Files]) -> None:
    for path, content in different(states):
        after = planned(path, content).after
        assert planned(path, after).after == after


def test_no_edit_in_any_state_leaves_a_name_undefined(states: list[Files]) -> None:
    """Or else `apply --partial` refuses them all."""
    for path, content in different(states):
        after = planned(path, content).after
        assert undefined(after) <= undefined(content), path


def undefined(code: bytes) -> set[str]:
    """The names that pyflakes finds no definition of."""
    messages = Checker(ast.parse(code)).messages
    return {str(each.message_args[0]) for each in messages if isinstance(each, UndefinedName)}


def test_no_edit_in_any_state_is_more_or_less_than_its_quotes(states: list[Files]) -> None:
    """Token by token, and only in the function or class that the rule names."""
    for path, content in different(states):
        before = content
        for id_, after in engine.steps([SECTIONS[path]], content):
            section, rule = RULES[id_]
            lost, gained = quoted(section, rule)
            found = difference(tokens(before), tokens(after))
            if rule.edit.kind.startswith("import"):
                assert imported(found[0]) <= imported(lost), id_
                assert imported(found[1]) <= imported(gained), id_
            else:
                assert found == (lost, gained), id_
            assert changed_scopes(before, after) <= {rule.edit.within}, id_
            before = after


def tokens(code: bytes) -> Counter[str]:
    """What a module says, in words; layout, brackets and commas left out."""
    found: Counter[str] = Counter()
    for token in tokenize.tokenize(io.BytesIO(code).readline):
        if token.type in (tokenize.NAME, tokenize.NUMBER):
            found[token.string] += 1
        elif token.type == tokenize.STRING:
            plain = token.string[0] not in "fF"
            found[repr(ast.literal_eval(token.string)) if plain else token.string] += 1
        elif token.type == tokenize.OP and token.string not in (*BRACKETS, ",", ";", ":"):
            found[token.string] += 1
        elif token.type == tokenize.COMMENT:
            found[" ".join(token.string.strip("# ").split())] += 1
    return found


def difference(one: Counter[str], other: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    return one - other, other - one


def quoted(section: Section, rule: Rule) -> tuple[Counter[str], Counter[str]]:
    """What an edit takes away and brings, by its quotes."""
    one, other = (words(quote) for quote in (rule.before, rule.after))
    return difference(one, other)


def words(quote: str) -> Counter[str]:
    """The words of a quote, which may break off anywhere."""
    text = quote.rstrip()
    more = text.count("(") - text.count(")")
    text = "(" * -more + text + ")" * more
    return tokens(f"{text}\n".encode())


def imported(said: Counter[str]) -> set[str]:
    return set(said) - {"from", "import"}


def changed_scopes(before: bytes, after: bytes) -> set[str]:
    """The classes and functions whose own statements differ, "" for the module."""
    one, other = (dict(scopes(ast.parse(code), "")) for code in (before, after))
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def scopes(node: ast.AST, name: str) -> Iterator[tuple[str, str]]:
    """Every class and function with its own statements, those of others inside it left out."""
    inner = list(definitions(node))
    bodies = [part.body for part in inner]
    for part in inner:
        part.body = []
    yield name, ast.dump(node)
    for part, body in zip(inner, bodies, strict=True):
        yield from scopes(ast.Module(body, []), f"{name}.{part.name}".lstrip("."))


def definitions(node: ast.AST) -> Iterator[Definition]:
    """The classes and functions in a node, but not those inside them."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, Definition):
            yield part
        else:
            yield from definitions(part)
