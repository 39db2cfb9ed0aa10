"""The pinned upstream and its ancestors: what the edits of each state are, and what they leave."""

import ast
import io
import subprocess
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from pyflakes.checker import Checker
from pyflakes.messages import UndefinedName

from patcher import engine
from patcher.model import Rule, Section, State
from tests.rule_check import DOCUMENTED, planned

Versions = Mapping[str, list[bytes]]
SECTIONS = {section.path: section for section in DOCUMENTED.sections}
RULES = {id_: (section, rule) for id_, section, rule in DOCUMENTED.entries()}
PIN = DOCUMENTED.upstream
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
BRACKETS = "()[]{}"
every_file = pytest.mark.parametrize("path", SECTIONS)


def git(repository: Path, *words: str, given: str = "") -> bytes:
    command = ["git", "-C", str(repository), *words]
    done = subprocess.run(command, input=given.encode(), capture_output=True, timeout=300)
    if done.returncode:
        pytest.skip(f"the upstream's history cannot be fetched here: {done.stderr.decode()}")
    return done.stdout


@pytest.fixture(scope="session")
def ancestors(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    """Every version of the files that rules touch, since Horovod is there, the pin's last."""
    assert PIN
    repository = tmp_path_factory.mktemp("history")
    git(repository, "init", "--quiet", "--bare")
    git(repository, "remote", "add", "origin", PIN.repository)
    git(repository, "fetch", "--quiet", "--filter=blob:none", "origin", PIN.commit)
    commits = git(repository, "log", "--reverse", "--format=%H", PIN.commit, "--", *SECTIONS)
    listings = (listing(repository, commit) for commit in commits.decode().split())
    states = [blobs for blobs in listings if any("horovod_estimator" in path for path in blobs)]
    return {
        path: [
            git(repository, "cat-file", "blob", blob)
            for blob in dict.fromkeys(blobs[path] for blobs in states if path in blobs)
        ]
        for path in SECTIONS
    }


def listing(repository: Path, commit: str) -> dict[str, str]:
    """The ids of the contents of the files that rules touch, in a commit."""
    lines = git(repository, "ls-tree", "-r", commit, "--", *SECTIONS).decode().splitlines()
    return {line.partition("\t")[2]: line.split()[2] for line in lines}


@pytest.fixture(params=["pin", pytest.param("ancestors", marks=pytest.mark.long)])
def versions(request: pytest.FixtureRequest, path: str) -> list[bytes]:
    """The versions of a file: that of the pin, or every one that there was."""
    if request.param == "pin":
        pristine: Path = request.getfixturevalue("pristine")
        return [(pristine / path).read_bytes()]
    found: Versions = request.getfixturevalue("ancestors")
    return found[path]


@pytest.mark.long
def test_the_history_has_the_versions_that_the_pin_came_from(ancestors: Versions) -> None:
    assert PIN
    for path, contents in ancestors.items():
        assert sha256(contents[-1]).hexdigest() == PIN.sha256[path]
    assert sum(map(len, ancestors.values())) > 3 * len(SECTIONS)


@every_file
def test_every_rule_is_applied_or_says_why_not(path: str, versions: list[bytes]) -> None:
    """And twice is once."""
    for content in versions:
        plan = planned(SECTIONS[path], content)
        again = planned(SECTIONS[path], plan.after)
        assert again.after == plan.after
        assert plan.outcomes_after in ((), again.outcomes)
        for outcome, then in zip(plan.outcomes, again.outcomes, strict=True):
            done = outcome.state in (State.PENDING, State.APPLIED)
            assert then.state is (State.APPLIED if done else outcome.state), outcome
            reason = outcome.nearest is None or outcome.nearest.why  # None: nothing is like it
            assert done or reason or outcome.state is State.AMBIGUOUS, outcome
            if outcome.state is State.AMBIGUOUS:
                assert len(outcome.sites) > outcome.expected


@every_file
def test_no_edit_is_more_or_less_than_its_quotes(path: str, versions: list[bytes]) -> None:
    """Token by token, only in the function or class that the rule names, no name undefined."""
    for content in versions:
        before = content
        for id_, after in engine.steps([SECTIONS[path]], content):
            section, rule = RULES[id_]
            lost, gained = quoted(section, rule)
            found = difference(tokens(before), tokens(after))
            if rule.edit.is_import:
                assert imported(found[0]) <= imported(lost), id_
                assert imported(found[1]) <= imported(gained), id_
            else:
                assert found == (lost, gained), id_
            assert changed_scopes(before, after) <= {rule.edit.within}, id_
            before = after
        # Or else `apply --partial` refuses them all.
        assert undefined(before) <= undefined(content)


def undefined(code: bytes) -> set[str]:
    """The names that pyflakes finds no definition of."""
    messages = Checker(ast.parse(code)).messages
    return {str(each.message_args[0]) for each in messages if isinstance(each, UndefinedName)}


@cache
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
    one, other = scopes_of(before), scopes_of(after)
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


@cache
def scopes_of(code: bytes) -> Mapping[str, str]:
    return dict(scopes(ast.parse(code), ""))


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
