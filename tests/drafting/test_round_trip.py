"""A shipped pack as a document, and the pack that is drafted from it: the same rules."""

from dataclasses import replace
from pathlib import Path

import pytest

from patcher.model import Rule
from patcher.packs import load_pack, shipped_packs
from patcher.packs.loading import load_folder
from tests.commands import run


def comparable(rule: Rule) -> Rule:
    """A rule whose quotes end without a line end."""
    quotes = {name: getattr(rule, name).rstrip("\n") for name in ("before", "after")}
    stated = rule.stated.rstrip("\n") if rule.stated else rule.stated
    return replace(rule, **quotes, stated=stated)


@pytest.mark.parametrize("name", shipped_packs())
def test_a_pack_from_its_own_document_is_the_same(
    name: str, pristine: Path, tmp_path: Path
) -> None:
    pack = load_pack(name)
    assert pack.upstream
    document = tmp_path / "changes.md"
    document.write_text(run("rules", "--pack", name, "--format", "markdown").stdout, "utf-8")
    place = f"{pristine}@{pack.upstream.commit}"
    result = run("new", tmp_path / name, "--doc", document, "--upstream", place)
    assert result.exit_code == 0, result.stderr
    assert f", {len([*pack.entries()])} unique\n" in result.stdout
    made = load_folder(tmp_path / name)
    assert (made.name, made.title) == (pack.name, pack.title)
    assert [(s.heading, s.path) for s in made.sections] == [
        (s.heading, s.path) for s in pack.sections
    ]
    for one, other in zip(made.sections, pack.sections, strict=True):
        assert [*map(comparable, one.rules)] == [*map(comparable, other.rules)]
