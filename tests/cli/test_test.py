"""`effpatch test`: what a pack's own CI runs. Each row fails for a pack that is broken there."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from patcher.packs import shipped_packs
from tests import proofs
from tests.commands import contents, git, process, run

CHECKS = (
    "quotes look-alikes digests alone apply apply_again names imports revert coverage"
).replace("_", " ")
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "effpatch",
        "pack",
        "commit",
        "before",
        "rules",
        "checks",
        "to_be_written",
        "holds",
    ],
    "properties": {
        "effpatch": {"type": "string"},
        "pack": {"type": "string"},
        "commit": {"type": ["string", "null"]},
        "before": {"type": "array", "items": {"type": "string"}},
        "rules": {"type": "array", "items": {"type": "string"}},
        "to_be_written": {"type": "array", "items": {"type": "string"}},
        "holds": {"type": "boolean"},
        "checks": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "holds", "note", "findings"],
                "properties": {
                    "name": {"type": "string"},
                    "holds": {"type": ["boolean", "null"]},
                    "note": {"type": "string"},
                    "findings": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["place", "text", "advice"],
                            "properties": {
                                "place": {"type": "string"},
                                "text": {"type": "string"},
                                "advice": {"type": "boolean"},
                            },
                        },
                    },
                },
            },
        },
    },
}


@pytest.fixture(autouse=True)
def leavings(tmp_path: Path, state_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is left behind, neither in the folder of temporary files nor of the user's state."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = sorted(state_home.rglob("*"))
    yield
    assert os.environ["XDG_STATE_HOME"] == str(state_home)
    assert (sorted(state_home.rglob("*")), list(folder.iterdir())) == (before, [])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return proofs.upstream(tmp_path / "shop")


@pytest.fixture
def pack(shop: Path, tmp_path: Path) -> Path:
    return proofs.pack(tmp_path / "taxes", shop)


def found(pack: Path, *options: str | Path) -> tuple[int, dict[str, list[str]], list[str]]:
    """The exit code, the failures of each check that does not hold, and the errors."""
    result = run("test", pack, *options, "--json")
    said = json.loads(result.stdout)
    jsonschema.validate(said, SCHEMA)
    failures = {
        check["name"]: [f"{e['place']}: {e['text']}" for e in check["findings"] if not e["advice"]]
        for check in said["checks"]
        if check["holds"] is False
    }
    assert said["holds"] is not bool(failures)
    return result.exit_code, failures, result.stderr.splitlines()


def test_a_sound_pack(pack: Path, shop: Path) -> None:
    before = contents(pack) | contents(shop)
    result = run("test", pack)
    assert (result.exit_code, result.stderr) == (0, "")
    rows = [line.split("  ")[0] for line in result.stdout.splitlines()[1:-2]]
    assert " ".join(rows) == CHECKS
    assert re.search(r"(?m)^look-alikes +holds +2 of 4 rules have look-alikes$", result.stdout)
    assert result.stdout.endswith("\ntaxes: all 10 checks hold; 4 rules\n")
    assert contents(pack) | contents(shop) == before


def test_the_same_of_a_checkout(pack: Path, shop: Path, tmp_path: Path) -> None:
    tree = tmp_path / "checkout"
    git(tmp_path, "clone", "--quiet", str(shop), str(tree))
    before = {**contents(tree), **contents(tree / ".git")}
    for place in (tree, tree / "src"):
        assert found(pack, "--tree", place) == (0, {}, [])
    assert {**contents(tree), **contents(tree / ".git")} == before


@pytest.mark.parametrize(
    ("file", "old", "new", "check", "failure"),
    [
        pytest.param(
            "app.toml",
            "from tools import rate, known",
            "from tools import known, rate",
            "quotes",
            "taxes/app-2: the rule makes `from tools import rate, known` of its own quote `before`"
            ", expected `from tools import known, rate`",
            id="a quote of which something else is made",
        ),
        pytest.param(
            "app.toml",
            '"if country is None:"',
            '"if country is not None:"',
            "look-alikes",
            "taxes/app-3: the rule edits it, `if country is not None:`, expected it to be left",
            id="a look-alike that is edited at the rule's place",
        ),
        pytest.param(
            "app.toml",
            "def average(",
            "def total(",
            "look-alikes",
            "taxes/app-3: the rule edits it, `def total(prices, country=None):`, expected it to",
            id="a look-alike that is edited in a file of its own",
        ),
        pytest.param(
            "app.toml",
            '"if country is None:"',
            '"if known(country):"',
            "look-alikes",
            "taxes/app-3: the rule takes it for its own edit, `if known(country):`, expected it",
            id="a look-alike that counts as applied",
        ),
        pytest.param(
            "pack.toml",
            '"src/app.py" = "',
            '"src/other.py" = "',
            "digests",
            'src/app.py: has no SHA-256 in the pin, expected `"src/app.py" = "',
            id="a file without a digest",
        ),
        pytest.param(
            "app.toml",
            'before = "if country is not None:"',
            'before = "if country is not False:"',
            "apply",
            "src/app.py:2: taxes/app-2 is not applied: import known (only taxes/app-3, which",
            id="a quote that the upstream does not have",
        ),
        pytest.param(
            "app.toml",
            'after = "if known(country):"',
            'after = "if unknown(country):"',
            "names",
            "src/app.py:6: `unknown` is not defined",
            id="a name that is not defined",
        ),
        pytest.param(
            "app.toml",
            'after = "from tools import rate, known"',
            'after = "from tools import rate, known, tax"',
            "imports",
            "src/app.py:1: `tax` is imported from tools, expected a name that it defines",
            id="a name that is not there to import",
        ),
        pytest.param(
            "changes.md",
            "Nothing uses it.",
            "It is slow.",
            "coverage",
            "changes.md:3: the reason for taxes/app-1 has `It is slow.`, expected `Nothing uses",
            id="a document that says something else",
        ),
        pytest.param(
            "changes.md",
            proofs.DOCUMENT,
            "Nothing to see.\n",
            "coverage",
            "changes.md: ",
            id="no document",
        ),
    ],
)
def test_a_pack_that_is_broken(
    file: str, old: str, new: str, check: str, failure: str, pack: Path
) -> None:
    proofs.edit(pack, file, old, new)
    code, failures, errors = found(pack)
    assert code == 5
    assert failures[check][0].startswith(failure), failures
    assert len(errors) == sum(map(len, failures.values()))
    assert any(f": {check}: " in line and "; " in line for line in errors)


def test_a_digest_that_is_wrong(pack: Path, shop: Path) -> None:
    text = (pack / "pack.toml").read_text()
    digest = text.rpartition('"src/app.py" = "')[2][:64]
    proofs.edit(pack, "pack.toml", digest, "0" * 64)
    code, failures, errors = found(pack)
    said = f"src/app.py: has the SHA-256 {digest}, the pin has {'0' * 64}"
    assert (code, failures, len(errors)) == (5, {"digests": [said]}, 1)
    result = run("test", pack, "--tree", shop)
    assert (result.exit_code, result.stdout) == (4, "")
    step = "name a checkout of the pin that was not edited, or correct the pin"
    said = f"has the SHA-256 {digest[:12]}..., expected {'0' * 12}...; {step}\n"
    assert result.stderr == f"{shop}/src/app.py: {said}"


def test_each_digest_that_is_wrong_is_named(pack: Path, shop: Path) -> None:
    pinned = re.findall(r'"(src/\S+)" = "(\w{64})"', (pack / "pack.toml").read_text())
    for _, digest in pinned:
        proofs.edit(pack, "pack.toml", digest, "0" * 64)
    result = run("test", pack, "--tree", shop)
    assert len(pinned) > 1
    assert result.exit_code == 4
    assert [line.partition(": ")[0] for line in result.stderr.splitlines()] == [
        f"{shop}/{path}" for path, _ in pinned
    ]


def test_rules_that_do_not_fit_leave_the_rest_unchecked(pack: Path) -> None:
    proofs.edit(pack, "tools.toml", "RATES = {...: ...}", "TAXES = {...: ...}")
    result = run("test", pack, "--json")
    checks = {check["name"]: check for check in json.loads(result.stdout)["checks"]}
    assert result.exit_code == 5
    for name in ("apply again", "names", "imports", "revert"):
        assert checks[name]["holds"] is None
        assert checks[name]["note"] == "not every edit can be made"


def test_a_pack_without_look_alikes_does_not_claim_to_hold(pack: Path) -> None:
    text = re.sub(r"(?s)\nignores = \[.*?\]\n", "\n", (pack / "app.toml").read_text())
    (pack / "app.toml").write_text(text)
    result = run("test", pack)
    assert result.exit_code == 0
    assert re.search(r"(?m)^look-alikes +not checked +0 of 4 rules have", result.stdout)
    assert result.stdout.endswith("\ntaxes: 9 of 10 checks hold, 1 not checked; 4 rules\n")


def test_reasons_that_are_to_be_written_are_listed(pack: Path) -> None:
    todo = "TODO: say what the edit does for the user."
    proofs.edit(pack, "app.toml", 'why = "Nothing uses it."', f'why = "{todo}"')
    proofs.edit(pack, "changes.md", "\n    Nothing uses it.\n", "")
    result = run("test", pack)
    assert (result.exit_code, result.stderr) == (0, "")
    row = r"(?m)^reasons +to do +1 of 4 reasons are to be written\n  taxes/app-1$"
    assert re.search(row, result.stdout)
    assert json.loads(run("test", pack, "--json").stdout)["to_be_written"] == ["taxes/app-1"]


def test_a_check_that_the_pack_declares(pack: Path) -> None:
    check = '[[check]]\ncheck = "optional_module"\nlabel = "residue"\ntitle = "Tools"\n'
    more = 'module = "tools"\nnames = ["rate"]\nenabled = ["known"]\ncounts = []\n'
    with (pack / "pack.toml").open("a") as file:
        file.write(f"\n{check}{more}")
    checks = json.loads(run("test", pack, "--json").stdout)["checks"]
    assert "residue" in [each["name"] for each in checks]


def test_packs_are_tested_one_by_one(pack: Path, shop: Path, tmp_path: Path) -> None:
    other = proofs.pack(tmp_path / "other", shop)
    proofs.edit(pack, "changes.md", "Nothing uses it.", "It is slow.")
    result = run("test", pack, other, tmp_path / "none")
    assert result.exit_code == 5
    assert "taxes: 1 found; 4 rules\n" in result.stdout
    assert result.stdout.endswith("\nother: all 10 checks hold; 4 rules\n")
    assert len(result.stderr.splitlines()) == 2
    said = run("test", pack, other, "--json").stdout.splitlines()
    assert [json.loads(line)["pack"] for line in said] == ["taxes", "other"]


def test_a_pack_after_another(pack: Path, shop: Path, tmp_path: Path) -> None:
    more = proofs.pack(tmp_path / "more", shop)
    for name in ("tools.toml", "changes.md"):
        (more / name).unlink()
    proofs.edit(more, "pack.toml", '["app", "tools"]\ndocument = "changes.md"', '["app"]')
    (more / "app.toml").write_text(
        'path = "src/app.py"\n\n[[rule]]\nitem = 1\ntitle = "tax what was bought"\n'
        'kind = "if_test"\nwithin = "total"\nwhy = "Nothing has no tax."\n'
        'before = "if known(country):"\nafter = "if prices and known(country):"\n\n'
        '[[rule]]\nitem = 2\ntitle = "do not import os"\nkind = "import_module"\n'
        'why = "Nothing uses it."\nbefore = "import os"\n'
    )
    code, failures, _ = found(more)
    assert (code, [*failures]) == (5, ["apply"])
    result = run("test", more, "--with", pack)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "  src/app.py:1  more/app-2 is applied: do not import os\n" in result.stdout
    assert result.stdout.endswith("; 2 rules, after taxes\n")


def test_a_pack_after_one_that_does_not_fit(pack: Path, shop: Path, tmp_path: Path) -> None:
    broken = proofs.pack(tmp_path / "broken", shop)
    proofs.edit(
        broken, "app.toml", 'before = "if country is not None', 'before = "if country is not False'
    )
    result = run("test", pack, "--with", broken)
    assert (result.exit_code, result.stdout) == (3, "")
    *_, last = result.stderr.splitlines()
    assert last.startswith("src/app.py:7: broken/app-3: ")
    assert last.endswith(
        "; correct the rule, or pass packs that fit with --with, in the order to apply them"
    )
    result = run("test", pack, "--with", pack)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("taxes: two packs of this name")


def test_packs_that_cannot_be_tested(pack: Path, shop: Path, tmp_path: Path) -> None:
    assert run("test").exit_code == 2
    result = run("test", pack, "--tree", tmp_path / "none")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)


def test_an_upstream_that_cannot_be_fetched(pack: Path, shop: Path, tmp_path: Path) -> None:
    proofs.edit(pack, "pack.toml", shop.as_uri(), (tmp_path / "none").as_uri())
    result = run("test", pack)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)


def test_a_pack_without_rules(pack: Path, shop: Path) -> None:
    (pack / "app.toml").write_text('path = "src/app.py"\n')
    (pack / "tools.toml").write_text('path = "src/tools.py"\n')
    result = run("test", pack, "--tree", shop)
    assert (result.exit_code, result.stdout) == (4, "")
    said = "the pack has no rules, expected at least one; write one before you test it"
    assert result.stderr == f"taxes: {said}\n"


def test_the_pack_of_other_commands_is_not_tested(pack: Path) -> None:
    result = run("--pack", "documented", "test")
    assert result.exit_code == 2
    assert "Missing argument 'PACK...'" in result.stderr


def test_ctrl_c_leaves_nothing_behind(pack: Path, shop: Path, tmp_path: Path) -> None:
    other = proofs.pack(tmp_path / "other", shop)
    words = [sys.executable, "-m", "patcher", "test", str(pack), str(other)]
    folder = tmp_path / "temporary"
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as program:
        for _ in range(2000):
            if list(folder.glob("effpatch-*/copy")) or program.poll() is not None:
                break
            time.sleep(0.005)
        program.send_signal(signal.SIGINT)
        assert program.stderr is not None
        errors = program.stderr.read()
    assert (program.returncode, errors) == (130, "interrupted\n")


def test_a_pack_is_completed() -> None:
    more = {
        "_EFFPATCH_COMPLETE": "bash_complete",
        "COMP_WORDS": "effpatch test su",
        "COMP_CWORD": "2",
    }
    done = process(sys.executable, "-m", "patcher", env={**os.environ, **more})
    assert done.stdout.splitlines() in (["plain,supplement"], [])


@pytest.mark.parametrize("name", shipped_packs())
def test_every_shipped_pack_proves_sound(name: str, pristine: Path) -> None:
    result = run("test", name, "--tree", pristine)
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.search(rf"\n{name}: all \d+ checks hold; \d+ rules\n$", result.stdout)
