"""What all rules obey, whatever they say."""

import io
import re
import tokenize
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from patcher import engine
from patcher.edits.kinds import KINDS
from patcher.model import Pack, Rule, Section, State
from tests.rule_check import DOCUMENTED, MINIATURE, PACKS, REVISIONS, SHIPPED, again, planned

ENTRIES = [(pack, *entry) for pack in SHIPPED.values() for entry in pack.entries()]
# The document, and its later revisions in place of it.
DOCUMENTS = [DOCUMENTED, *REVISIONS.values()]
OTHERS = [pack for pack in PACKS.values() if pack is not DOCUMENTED]


def is_inherited(pack: Pack, rule: Rule) -> bool:
    """Whether the pack that a pack revises has a rule, under whatever number."""
    base = SHIPPED[pack.revises[0]].entries() if pack.revises else ()
    return any(replace(each, item=rule.item) == rule for _, _, each in base)


ROOT = Path(__file__).parents[2]
every_rule = pytest.mark.parametrize(
    ("pack", "section", "rule"),
    [
        pytest.param(pack, section, rule, id=id_)
        for pack, id_, section, rule in ENTRIES
        if not is_inherited(pack, rule)
    ],
)


@pytest.mark.parametrize("pack", SHIPPED.values(), ids=SHIPPED)
def test_items_are_counted_and_headings_name_their_files(pack: Pack) -> None:
    for section in pack.sections:
        assert [rule.item for rule in section.rules] == list(range(1, len(section.rules) + 1))
        assert section.heading == section.path.rpartition("/")[2]


def test_no_two_rules_share_an_id() -> None:
    assert len({id_ for _, id_, _, _ in ENTRIES}) == len(ENTRIES)


@every_rule
def test_every_rule_has_its_tests(pack: Pack, section: Section, rule: Rule) -> None:
    id_, file = section.id_of(rule), f"tests/rules/{pack.name}/test_{section.name}.py"
    text = (ROOT / file).read_text("utf-8") if (ROOT / file).is_file() else ""
    found = re.search(rf'^(\w+) = RuleCheck\("{id_}"\)$', text, re.MULTILINE)
    name = found[1] if found else "name"
    makes, leaves = f"`{name}.changes(before, after)`", f"`{name}.ignores(look_alike)`"
    named = f'{file}: `name = RuleCheck("{id_}")`'
    assert found, f"{id_} has no tests: write {named}, a test with {makes} and one with {leaves}"
    called = methods_called(name, text)
    assert called & {"changes", "follows"}, f"{id_}: write in {file} a test with {makes}"
    assert called & {"ignores", "drifts", "misses"}, f"{id_}: write in {file} a test with {leaves}"


def methods_called(name: str, text: str) -> set[str]:
    """What tests call of a rule's check: by its name, or as the `check` of a parametrized test."""
    parametrized = len(re.findall(rf"\b{name}\b(?!\.)", text)) > 1
    names = f"{name}|check" if parametrized else name
    return set(re.findall(rf"\b(?:{names})\.(\w+)\(", text))


@every_rule
def test_every_rule_says_what_it_is_for(pack: Pack, section: Section, rule: Rule) -> None:
    assert rule.edit.kind in KINDS
    assert rule.before or rule.after
    assert rule.why.endswith(".")
    assert rule.title[0].islower()
    assert len(rule.title) < 70
    silent = not rule.before or section.heading == "__init__.py"
    deviates = rule.stated is not None or (silent and pack in DOCUMENTS)
    assert bool(rule.deviation) == deviates


def test_one_rule_rewrites_another() -> None:
    pairs = {
        (section.id_of(rule), section.id_of(later))
        for _, _, section, rule in ENTRIES
        for later in section.superseding_rules(rule)
    }
    prefixes = [pack.sections[0].prefix for pack in DOCUMENTS]
    assert pairs == {(f"{each}det_model_fn-4", f"{each}det_model_fn-7") for each in prefixes}


@every_rule
def test_every_rule_alone_can_be_applied_once(pack: Pack, section: Section, rule: Rule) -> None:
    """Twice is once, nothing else becomes applied, and no other file changes."""
    ground = {section.id_of(each) for each in section.prerequisites(rule)}
    chosen = {section.id_of(rule)} | ground
    plan = engine.plan_alone([pack], MINIATURE, chosen)
    assert [file.path for file in plan.changed] == [section.path]
    (file,) = plan.files
    again = planned(section, file.after)
    assert {o.id for o in again.outcomes if o.state is State.APPLIED} == chosen
    assert not any(outcome.state.is_unresolved for outcome in again.outcomes)
    assert not planned(section, file.after, chosen).changed


@pytest.mark.parametrize(
    "packs", [each for pack in DOCUMENTS for each in permutations([pack, *OTHERS])]
)
def test_packs_keep_out_of_each_others_way(packs: tuple[Pack, ...]) -> None:
    """In any order, at once or one by one, every edit of every pack is made and stays."""
    at_once = engine.plan(packs, MINIATURE)
    assert {outcome.state for outcome in at_once.outcomes_after} == {State.APPLIED}
    assert at_once.outcomes_after == again(packs, at_once).outcomes
    files = MINIATURE
    for pack in packs:
        files = {**files, **{file.path: file.after for file in engine.plan([pack], files).files}}
    assert files == {**MINIATURE, **{file.path: file.after for file in at_once.files}}
    assert not engine.plan(packs[::-1], files).changed


def commented(code: str) -> tuple[str, list[str]]:
    """The code with a comment above and behind every line that can take one."""
    taken: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        inside = range(token.start[0], token.end[0])
        taken.update(inside if token.type == tokenize.STRING else ())
        taken.update(token.start[:1] if token.type == tokenize.COMMENT else ())
    comments, lines = [], []
    for number, line in enumerate(code.splitlines(), 1):
        if number - 1 not in taken and number not in taken and line.strip():
            comments += [f"# above {number}", f"# behind {number}"]
            indent = line[: len(line) - len(line.lstrip())]
            lines += [f"{indent}# above {number}", f"{line}  # behind {number}"]
        else:
            lines.append(line)
    return "\n".join(lines) + "\n", comments


@pytest.mark.parametrize(
    ("pack", "section"),
    [
        pytest.param(pack, section, id=f"{section.prefix}{section.heading}")
        for pack in SHIPPED.values()
        for section in pack.sections
        if not all(is_inherited(pack, rule) for rule in section.rules)
    ],
)
def test_no_comment_is_lost(pack: Pack, section: Section) -> None:
    """Only what stands on the very line of a removed statement goes with it."""
    removed = ("import matplotlib as mpl", "from sklearn.metrics import", "mpl.use('Agg')")
    original = MINIATURE[section.path].decode()
    code, comments = commented(original)
    file = planned(section, code.encode())
    assert {outcome.state for outcome in file.outcomes} == {State.PENDING}
    gone = {
        f"# behind {number}"
        for number, line in enumerate(original.splitlines(), 1)
        if line.startswith(removed) and pack in DOCUMENTS
    }
    after = file.after.decode().splitlines()
    kept = {c for c in comments if any(line.endswith(c) for line in after)}
    assert set(comments) - kept == gone
    own = [line for line in after if not line.lstrip().startswith(("# above", "# behind"))]
    plain = [line.partition("  # behind ")[0] for line in own]
    direct = planned(section, MINIATURE[section.path])
    assert [line.strip() for line in plain] == [
        line.strip() for line in direct.after.decode().splitlines()
    ]
