import re

import pytest

from patcher.model import Pack, Rule
from patcher.packs import DEFAULT
from tests.commands import run
from tests.counts import RULES
from tests.rule_check import REVISIONS


def test_rules_lists_them_all() -> None:
    lines = run("rules").stdout.splitlines()
    assert len([line for line in lines if line.startswith("  ")]) == RULES
    assert lines[-1] == f"{DEFAULT}: {RULES} rules"


def test_a_rule_shows_all_that_is_known_of_it() -> None:
    text = run("rules", "main-2").stdout
    for part in (
        "efficientdet/main.py",
        "main.py, item 2 (added)",
        "For HPU support.",
        "The document names no place",
        "    library_loader.load_habana_module()",
    ):
        assert part in text


def test_a_rule_shows_what_it_needs_in_other_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    text = run("rules", "main-5").stdout
    place = "`default_detection_configs` in efficientdet/hparams_config.py"
    assert f"\nneeds     {place} sets `num_classes` and `use_bfloat16`\n" in text
    text = run("rules", "det_model_fn-4").stdout
    assert "sets `every_n_iter`\n" in text
    assert "hooks.py takes `every_n_iter`\n" in text
    package = "efficientdet/horovod_estimator/__init__.py"
    assert f"needs     {package} defines `horovod_enabled`\n" in run("rules", "main-1").stdout


@pytest.mark.parametrize("id_", ["main-2", "main-7", "hooks-5", "main-15"])
def test_a_rule_is_whole_on_a_narrow_terminal(id_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = "".join(run("rules", id_).stdout.split())
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    wide = re.sub(r"\x1b\[[0-9;]*m", "", run("rules", id_).stdout)
    assert "…" not in wide
    assert len("".join(wide.split())) == len(plain)


def test_a_rule_of_another_pack_needs_no_option() -> None:
    alone = run("rules", "supplement/hooks-1")
    assert (alone.exit_code, alone.stderr) == (0, "")
    assert alone.stdout.startswith("supplement/hooks-1: ")
    assert alone.stdout == run("rules", "supplement/hooks-1", "--pack", "supplement").stdout


def test_the_long_id_of_a_rule_of_the_default_pack() -> None:
    assert run("rules", f"{DEFAULT}/main-2").stdout == run("rules", "main-2").stdout


@pytest.mark.parametrize(
    ("id_", "pack", "hint"),
    [
        pytest.param("man-2", DEFAULT, "did you mean main-2?", id="close"),
        pytest.param(
            "supplement/hook-1", "supplement", "did you mean supplement/hooks-1?", id="other-pack"
        ),
        pytest.param(
            "suplement/hooks-1", DEFAULT, "did you mean the pack supplement?", id="unknown-pack"
        ),
        pytest.param(
            "main", DEFAULT, "that is a section: 'main-*' means all of its rules", id="section"
        ),
        pytest.param(
            "supplement", DEFAULT, "that is a pack: choose it with --pack supplement", id="pack"
        ),
        pytest.param("zzz-1", DEFAULT, "`effpatch rules` lists them", id="nothing-close"),
        pytest.param("", DEFAULT, "`effpatch rules` lists them", id="nothing"),
    ],
)
def test_an_unknown_rule(id_: str, pack: str, hint: str) -> None:
    result = run("rules", id_)
    sentence = f"rules: no rule {id_!r} in pack {pack}; {hint}\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", sentence)


def test_a_rule_that_deviates_shows_what_the_document_has() -> None:
    name = next(iter(name for name, pack in REVISIONS.items() if _deviating(pack)))
    for id_, rule in _deviating(REVISIONS[name]):
        shown = run("rules", id_).stdout
        said = " ".join(shown.split())
        assert " ".join(rule.deviation.split()) in said
        assert ("has no such item" in said) == (rule.stated == "")
        _, _, below = shown.partition("\nin the document\n")
        quote, _, _ = below.partition("\nleft alone")
        assert [each.strip() for each in quote.splitlines()] == [
            each.strip() for each in (rule.stated or "").splitlines()
        ]


def _deviating(pack: Pack) -> list[tuple[str, Rule]]:
    return [(id_, rule) for id_, _, rule in pack.entries() if rule.stated is not None]
