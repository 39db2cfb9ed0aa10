"""Documents of four styles for the miniature: kind and place of each of their edits."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from patcher import engine
from patcher.document.coverage import compare
from patcher.document.document import parse, parts_of, text_of
from patcher.document.gaps import Verdict
from patcher.document.introduction import named_files, title_of
from patcher.document.unread import notices
from patcher.drafting.draft import Draft, DraftPack, Mark
from patcher.drafting.from_document.new import About, draft
from patcher.drafting.trees import read_tree
from patcher.edits.kinds import (
    CallArgument,
    FlagDefault,
    Fragment,
    IfStatement,
    IfTest,
    ImportFrom,
    ImportModule,
    Statement,
)
from patcher.model import Edit
from patcher.resources import VENDOR
from patcher.tree.history import fetched
from tests import small

DOCUMENTS = Path(__file__).with_name("documents")
UNIQUE, BY_ORDER, BY_PORT, UNRESOLVED = Mark
NO_PLACE = "the document names no place for what is added"
UNSAID = "the document does not say whether this code was added, changed or removed"
SETS = "Sets what TensorFlow reads from the environment."
CORES = "flags.DEFINE_integer('num_cores', 8, 'Workers to train on')"
DEFINED = "flags.DEFINE_bool('use_amp', False, 'Compute in mixed precision')"

Found = Mapping[str, tuple[Mark, Edit]]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The miniature as a repository."""
    root = tmp_path_factory.mktemp("upstream") / "miniature"
    shutil.copytree(VENDOR / "miniature", root)
    small.commit(root)
    return root


@pytest.fixture(scope="module")
def drafted(repository: Path) -> Callable[..., DraftPack]:
    """Draft the pack of a document, by its name, from the miniature."""

    def make(name: str, port: Path | None = None) -> DraftPack:
        text = text_of(DOCUMENTS / name)
        about = About("trial", title_of(text), named_files(text))
        parts = parts_of(text, DOCUMENTS / name)
        with fetched(str(repository)) as history:
            made = draft(about, parts, history, port=read_tree(port) if port else {})
        check_edits(made.pack, repository)
        return made.pack

    return make


def check_edits(drafted: DraftPack, upstream: Path) -> None:
    """Check that the rules make just their edits: all are pending, and then applied."""
    pack = drafted.pack()
    files = {s.path: (upstream / s.path).read_bytes() for s in pack.sections}
    for state in ("pending", "applied"):
        plan = engine.plan([pack], files)
        states = {
            outcome.id: str(outcome.state) for file in plan.files for outcome in file.outcomes
        }
        assert states == dict.fromkeys(states, state)
        assert len(states) == sum(drafted.summary[mark] for mark in Mark if mark != UNRESOLVED)
        files = {file.path: file.after for file in plan.files}


def drafts(pack: DraftPack) -> dict[str, Draft]:
    """The drafts by the ids of their rules."""
    named = zip(pack.names(), pack.sections, strict=True)
    return {f"{name}-{each.rule.item}": each for name, s in named for each in s.drafts}


def found(pack: DraftPack) -> Found:
    """The mark and the edit of each rule."""
    return {id_: (each.mark, each.rule.edit) for id_, each in drafts(pack).items()}


def resolved(pack: DraftPack) -> str:
    edits = sum(pack.summary.values())
    return f"{edits - pack.summary[UNRESOLVED]} of {edits}"


def test_quotes_with_parts_cut(drafted: Callable[..., DraftPack]) -> None:
    """cut.md: 6 of 6."""
    pack = drafted("cut.md")
    assert resolved(pack) == "6 of 6"
    assert found(pack) == {
        "main-1": (UNIQUE, CallArgument(within="main", call="tf.estimator.RunConfig")),
        "main-2": (UNIQUE, FlagDefault()),
        "main-3": (UNIQUE, Statement(within="get_session_config")),
        "dataloader-1": (UNIQUE, Fragment(within="InputReader.__call__")),
        "dataloader-2": (UNIQUE, Statement()),
        "utis-1": (UNIQUE, Fragment(within="hvd_info")),
    }
    assert [section.path for section in pack.sections] == [
        "efficientdet/main.py",
        "efficientdet/dataloader.py",
        "efficientdet/horovod_estimator/utis.py",
    ]
    assert pack.upstream.root == "efficientdet"


def test_quotes_in_their_function(drafted: Callable[..., DraftPack]) -> None:
    """wrapped.md: 5 of 5."""
    pack = drafted("wrapped.md")
    assert resolved(pack) == "5 of 5"
    assert found(pack) == {
        "main-1": (UNIQUE, Statement(within="main")),
        "main-2": (UNIQUE, IfStatement(within="get_session_config")),
        "det_model_fn-1": (UNIQUE, Statement(within="_model_fn")),
        "det_model_fn-2": (UNIQUE, Statement(within="_model_fn")),
        "dataloader-1": (UNIQUE, Statement(within="InputReader.__call__")),
    }
    # `num_shards = 1` is what the edit leaves, and what the file has within what it takes.
    rule = drafts(pack)["main-1"].rule
    assert rule.after == "set_env(FLAGS.use_amp)\nnum_shards = 1\n"
    assert rule.title == 'change `if FLAGS.mode == "eval":` to `num_shards = 1`'


def test_additions_without_a_place(drafted: Callable[..., DraftPack]) -> None:
    """places.md: 2 of 6, the imports."""
    pack = drafted("places.md")
    assert resolved(pack) == "2 of 6"
    assert found(pack) == {
        "main-1": (UNIQUE, ImportModule()),
        "main-2": (UNRESOLVED, Edit()),
        "main-3": (UNRESOLVED, Edit()),
        "utis-1": (UNIQUE, ImportFrom()),
        "utis-2": (UNRESOLVED, Edit()),
        "utis-3": (UNRESOLVED, Edit()),
    }
    why = {id_: each.found for id_, each in drafts(pack).items() if each.mark is UNRESOLVED}
    assert why == {
        "main-2": NO_PLACE,
        "main-3": NO_PLACE,
        **dict.fromkeys(
            ("utis-2", "utis-3"), "3 places have the quote of 2 edits: lines 17, 35, 44"
        ),
    }


def test_prose_and_code_in_it(drafted: Callable[..., DraftPack]) -> None:
    """prose.md: 2 of 3, those that quote code."""
    pack = drafted("prose.md")
    assert resolved(pack) == "2 of 3"
    assert found(pack) == {
        "dataloader-1": (UNIQUE, Statement()),
        "dataloader-2": (UNIQUE, Fragment(within="InputReader.__call__")),
        "dataloader-3": (UNRESOLVED, Edit()),
    }
    assert drafts(pack)["dataloader-3"].found == "no change of code is read in it"


def test_what_sentences_tell(drafted: Callable[..., DraftPack]) -> None:
    """told.md: 4 of 6, one of them where the engine puts imports."""
    pack = drafted("told.md")
    line = "example = tf.io.parse_single_example(record, spec)"
    assert found(pack) == {
        "dataloader-1": (UNIQUE, Statement()),
        "dataloader-2": (UNIQUE, Statement(follows="_SIDES = ('ymin', 'xmin', 'ymax', 'xmax')")),
        "dataloader-3": (UNIQUE, Statement(within="_parse_record", follows=line)),
        "dataloader-4": (UNIQUE, ImportModule()),
        "dataloader-5": (UNRESOLVED, Edit()),
        "dataloader-6": (UNRESOLVED, Edit()),
    }
    made = drafts(pack)
    assert made["dataloader-1"].rule.why == "There are few records."
    assert made["dataloader-3"].rule.deviation == ""
    assert made["dataloader-4"].rule.deviation.startswith(
        "The document puts it after `from horovod_estimator import hvd`: "
    )
    place = "the document puts it after `spec = {}`"
    assert (
        made["dataloader-5"].found == f"{place}, which does not name exactly one place in the file"
    )
    assert made["dataloader-6"].found == 'line 16 says "removed", but was not read as an edit'


def test_tables_tasks_and_diffs(drafted: Callable[..., DraftPack]) -> None:
    """mixed.md: 7 of 10; what is not done, not said, or said twice is not drafted."""
    pack = drafted("mixed.md")
    assert resolved(pack) == "7 of 10"
    made = [(each.line, each.mark, each.rule.edit) for s in pack.sections for each in s.drafts]
    assert sorted(made, key=lambda each: each[0]) == [
        (7, UNIQUE, Statement(within="main")),
        (8, UNIQUE, Statement(within="is_rank0")),
        (9, UNIQUE, ImportModule()),
        (11, UNIQUE, Statement(within="set_env", follows=f'"""{SETS}"""')),
        (12, UNRESOLVED, Edit()),
        (16, UNIQUE, IfStatement(within="hvd_try_init")),
        (25, UNIQUE, IfStatement(within="hvd_try_init")),
        (31, UNIQUE, FlagDefault()),
        (37, UNRESOLVED, Edit()),
        (47, UNRESOLVED, Edit()),
    ]
    every = {each.line: each for section in pack.sections for each in section.drafts}
    assert every[7].rule.removes
    assert every[7].rule.why == "It does nothing."
    assert every[37].found == UNSAID
    assert every[47].found == "it repeats an edit above"
    text = text_of(DOCUMENTS / "mixed.md")
    assert [*notices(text, parse(text), with_rows=False)] == [
        "line 43: not read as part of an edit: "
        "`_SIDES = ('ymin', 'xmin', 'ymax', 'xmax')` and `print(1)`"
    ]


@pytest.mark.parametrize("name", ["cut.md", "mixed.md", "places.md", "prose.md", "wrapped.md"])
def test_what_is_drafted_is_covered(name: str, drafted: Callable[..., DraftPack]) -> None:
    """A document and the pack that was drafted from it differ by what is unresolved alone."""
    pack = drafted(name)
    compared = compare(name, parse(text_of(DOCUMENTS / name)), pack.pack())
    lines = {d.line for s in pack.sections for d in s.drafts if d.mark is UNRESOLVED}
    assert {gap.verdict for gap in compared.gaps} <= {Verdict.EXTRA}
    assert {gap.line for gap in compared.gaps} <= lines


@pytest.fixture
def port(repository: Path, tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Make a port of the miniature in which texts, each in one place, are replaced."""

    def make(edits: Mapping[str, str]) -> Path:
        root = shutil.copytree(repository / "efficientdet", tmp_path / "port")
        texts = {file: file.read_text("utf-8") for file in sorted(root.rglob("*.py"))}
        for old, new in edits.items():
            (file,) = (file for file, text in texts.items() if old in text)
            assert texts[file].count(old) == 1
            texts[file] = texts[file].replace(old, new)
            file.write_text(texts[file], "utf-8")
        return root

    return make


STARTS = "hvd_info_rank0('starting at {}'.format(time.time()))"
TALKS = "flags.DEFINE_bool('talks', True, 'Whether to say much')"
MEANT = {
    "if hvd is not None:\n        return hvd.rank()": "if hvd:\n        return hvd.rank()",
    "if hvd is not None:\n        msg = 'worker": "if hvd:\n        msg = 'worker",
}


@pytest.mark.parametrize(
    ("edits", "wanted"),
    [
        pytest.param(
            {f"{CORES}\n": f"{CORES}\n{TALKS}\n"},
            ("main-3", Statement(follows=CORES)),
            id="behind a line that is short",
        ),
        pytest.param(
            {"  hvd_try_init()\n": f"  hvd_try_init()\n  {STARTS}\n"},
            ("main-2", Statement(within="main")),
            id="above a line, as the function calls it elsewhere as well",
        ),
        pytest.param(
            {"  del argv\n  evaluates": f"  {STARTS}\n  del argv\n  evaluates"},
            ("main-2", Statement(within="main")),
            id="at the start of a function",
        ),
        pytest.param(
            {
                "    evaluate(model_fn_instance, run_config, params)\n\n  elif": "    evaluate("
                f"model_fn_instance, run_config, params)\n    {STARTS}\n\n  elif"
            },
            None,
            id="behind a line that the function has twice, so that it is no place",
        ),
        pytest.param(
            {f"{DEFINED}\n": f"{DEFINED}\n{TALKS}\n"},
            ("main-3", Statement(follows="flags.DEFINE_bool('use_amp', ...)")),
            id="behind a line that is long",
        ),
        pytest.param(
            {"  hvd_info_rank0('evaluation: {}'.format(results))": f"  {STARTS}"},
            None,
            id="in place of something else",
        ),
    ],
)
def test_a_port_shows_where_something_is_added(
    edits: Mapping[str, str],
    wanted: tuple[str, Edit] | None,
    drafted: Callable[..., DraftPack],
    port: Callable[[Mapping[str, str]], Path],
) -> None:
    made = found(drafted("places.md", port(edits)))
    placed = [(id_, edit) for id_, (mark, edit) in made.items() if mark is BY_PORT]
    assert placed == ([wanted] if wanted else [])


def test_a_port_shows_all_that_the_document_leaves_open(
    drafted: Callable[..., DraftPack], port: Callable[[Mapping[str, str]], Path]
) -> None:
    """places.md with a port: 6 of 6."""
    edits = {
        "  hvd_try_init()\n": f"  hvd_try_init()\n  {STARTS}\n",
        f"{DEFINED}\n": f"{DEFINED}\n{TALKS}\n",
        **MEANT,
    }
    pack = drafted("places.md", port(edits))
    assert resolved(pack) == "6 of 6"
    assert found(pack) == {
        "main-1": (UNIQUE, ImportModule()),
        "main-2": (BY_PORT, Statement(within="main")),
        "main-3": (BY_PORT, Statement(follows="flags.DEFINE_bool('use_amp', ...)")),
        "utis-1": (UNIQUE, ImportFrom()),
        "utis-2": (BY_PORT, IfTest(within="is_rank0")),
        "utis-3": (BY_PORT, IfTest(within="hvd_info")),
    }
    rule = drafts(pack)["main-2"].rule
    assert (rule.before, rule.whose) == ("set_env(FLAGS.use_amp)", "ours")
    placed = "above `set_env(FLAGS.use_amp)`, as in the port"
    assert rule.deviation == f"The document names no place: {placed}."
