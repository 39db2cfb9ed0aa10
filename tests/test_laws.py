"""What all rules obey, whatever they say."""

import io
import re
import tokenize
from pathlib import Path

import pytest

from patcher import engine
from patcher.edits.kinds import KINDS
from patcher.model import Pack, Rule, Section, State
from rules import PACKS
from tests.checks import DOCUMENTED, MINIATURE

ENTRIES = list(DOCUMENTED.entries())
# The numbers of edits under the document's headings.
HEADINGS = {
    "dataloader.py": 2,
    "det_model_fn.py": 7,
    "efficientdet_arch.py": 1,
    "hooks.py": 6,
    "__init__.py": 1,
    "utis.py": 5,
    "main.py": 17,
    "normalization_v2.py": 2,
    "utils.py": 1,
}
ROOT = Path(__file__).parent.parent
every_rule = pytest.mark.parametrize(
    ("section", "rule"), [pytest.param(s, r, id=id_) for id_, s, r in ENTRIES]
)


def test_the_catalogue_is_the_document() -> None:
    assert {section.heading: len(section.rules) for section in DOCUMENTED.sections} == HEADINGS
    for section in DOCUMENTED.sections:
        assert [rule.item for rule in section.rules] == list(range(1, len(section.rules) + 1))
    assert len({id_ for id_, _, _ in ENTRIES}) == 42


@pytest.mark.parametrize("pack", PACKS)
def test_every_rule_module_is_in_its_pack(pack: str) -> None:
    modules = {file.stem for file in (ROOT / "rules" / pack).glob("[!_]*.py")}
    named = {section.heading.removesuffix(".py").strip("_") for section in PACKS[pack].sections}
    assert named == modules


@every_rule
def test_every_rule_has_its_tests(section: Section, rule: Rule) -> None:
    name = section.heading.removesuffix(".py").strip("_")
    text = (ROOT / "tests" / "rules" / "documented" / f"test_{name}.py").read_text("utf-8")
    (variable,) = (
        line.partition(" = ")[0]
        for line in text.splitlines()
        if line.endswith(f" = RuleCheck(SECTION, item={rule.item})")
    )
    assert len(re.findall(rf"\b{variable}\b", text)) > 2, "defined, changes, ignores or drifts"


@every_rule
def test_every_rule_says_what_it_is_for(section: Section, rule: Rule) -> None:
    assert rule.edit.kind in KINDS
    assert rule.before or rule.after
    assert rule.why.endswith(".")
    assert rule.title[0].islower()
    assert len(rule.title) < 70
    assert bool(rule.deviation) == (not rule.before or section.heading == "__init__.py")


def test_one_rule_rewrites_another() -> None:
    pairs = {
        (section.id_of(rule), section.id_of(later))
        for _, section, rule in ENTRIES
        for later in section.rewriters(rule)
    }
    assert pairs == {("det_model_fn-4", "det_model_fn-7")}


@every_rule
def test_every_rule_alone_can_be_applied_once(section: Section, rule: Rule) -> None:
    """Twice is once, nothing else becomes applied, and no other file changes."""
    ground = {section.id_of(each) for each in section.groundwork(rule)}
    chosen = {section.id_of(rule)} | ground
    plan = engine.plan([DOCUMENTED], MINIATURE, chosen)
    assert [file.path for file in plan.changed] == [section.path]
    after = {**MINIATURE, **{file.path: file.after for file in plan.files}}
    again = engine.plan([DOCUMENTED], after)
    applied = {o.id for o in again.outcomes if o.state is State.APPLIED}
    assert applied == chosen
    assert not again.misfits
    assert not engine.plan([DOCUMENTED], after, chosen).changed


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


@pytest.mark.parametrize("path", MINIATURE)
def test_no_comment_is_lost(path: str) -> None:
    """Only what stands on the very line of a removed statement goes with it."""
    removed = ("import matplotlib as mpl", "from sklearn.metrics import", "mpl.use('Agg')")
    original = MINIATURE[path].decode()
    code, comments = commented(original)
    sections = [section for section in DOCUMENTED.sections if section.path == path]
    (file,) = engine.plan([Pack("one", tuple(sections))], {path: code.encode()}).files
    assert {outcome.state for outcome in file.outcomes} == {State.PENDING}
    gone = {
        f"# behind {number}"
        for number, line in enumerate(original.splitlines(), 1)
        if line.startswith(removed)
    }
    after = file.after.decode().splitlines()
    kept = {c for c in comments if any(line.endswith(c) for line in after)}
    assert set(comments) - kept == gone
    own = [line for line in after if not line.lstrip().startswith(("# above", "# behind"))]
    plain = [line.partition("  # behind ")[0] for line in own]
    (direct,) = engine.plan([Pack("one", tuple(sections))], {path: MINIATURE[path]}).files
    assert [line.strip() for line in plain] == [
        line.strip() for line in direct.after.decode().splitlines()
    ]
