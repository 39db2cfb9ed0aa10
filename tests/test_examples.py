"""The packs in examples/: each is what its document says, and does it to its upstream."""

from pathlib import Path

import pytest

from patcher.errors import GitError
from patcher.model import Pack, Rule
from patcher.packs.loading import load_pack
from patcher.tree.fetch import fetch
from tests.commands import run

EXAMPLES = Path(__file__).parents[1] / "examples"
PACKS = {file.parent.name: load_pack(file.parent) for file in sorted(EXAMPLES.glob("*/pack.toml"))}


@pytest.fixture(scope="module", params=[*PACKS.values()], ids=[*PACKS])
def pack(request: pytest.FixtureRequest) -> Pack:
    found: Pack = request.param
    return found


@pytest.fixture(scope="module")
def upstream(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of a pack's upstream, which no test may change."""
    dest = tmp_path_factory.mktemp("upstream") / pack.name
    try:
        assert pack.upstream
        fetch(dest, pack.upstream)
    except GitError as error:
        pytest.skip(f"the upstream of {pack.name} cannot be fetched here: {error}")
    return dest


def rules_of(pack: Pack) -> dict[str, Rule]:
    return {f"{s.path} {r.item}": r for s in pack.sections for r in s.rules}


def quotes(rule: Rule) -> tuple[str, str]:
    return rule.before.strip("\n"), rule.after.strip("\n")


def document(pack: Pack) -> Path:
    assert pack.document
    return pack.document


def test_each_folder_is_a_pack() -> None:
    assert {each.name for each in EXAMPLES.iterdir() if each.is_dir()} == set(PACKS) != set()


def test_each_edit_of_the_document_is_covered(pack: Pack) -> None:
    result = run("coverage", "--doc", document(pack), "--pack", EXAMPLES / pack.name)
    assert (result.exit_code, result.stderr) == (0, "")
    count = len(rules_of(pack))
    assert f": {count} of {count} covered" in result.stdout


def test_each_rule_has_look_alikes_and_a_title_of_its_own(pack: Pack) -> None:
    rules = rules_of(pack).values()
    assert all(rule.ignores for rule in rules)
    assert len({rule.title for rule in rules}) == len(rules)


def test_each_pack_is_proved_on_its_upstream(pack: Pack, upstream: Path) -> None:
    result = run("test", EXAMPLES / pack.name, "--tree", upstream)
    assert (result.exit_code, result.stderr) == (0, "")
    rows = result.stdout.splitlines()
    assert rows[-1].startswith(f"{pack.name}: all ")


def test_the_document_alone_gives_the_same_edits(
    pack: Pack, upstream: Path, tmp_path: Path
) -> None:
    pin, drafted = pack.upstream, tmp_path / pack.name
    assert pin
    result = run(
        "new", drafted, "--doc", document(pack), "--upstream", f"{pin.repository}@{pin.commit}"
    )
    assert result.exit_code == 0
    again, unresolved = rules_of(load_pack(drafted)), []
    for place, rule in rules_of(pack).items():
        if found := again.get(place):
            assert (found.edit, quotes(found)) == (rule.edit, quotes(rule))
        else:
            unresolved.append(rule)
    assert all(rule.adds for rule in unresolved), "only an addition may lack a place"
    assert f"{len(unresolved)} unresolved" in result.stdout
