"""What `status` believes of a receipt."""

import json
from pathlib import Path

import pytest

from patcher.resources import __version__
from tests import receipts
from tests.commands import run


@pytest.mark.parametrize(
    ("version", "believed"),
    [
        pytest.param(__version__, True, id="this version"),
        pytest.param("0.0.1", False, id="an older version"),
        pytest.param("999.0.0", False, id="a newer version"),
    ],
)
def test_a_receipt_of_another_version_is_not_believed(
    miniature: Path, version: str, believed: bool
) -> None:
    """Where it is not, `status` looks at the files, in which every edit is applied."""
    run("apply", miniature)
    text, own = receipts.text(miniature), json.dumps(__version__)
    assert text.count(own) == 1
    wrong = text.replace('"applied"', '"pending"').replace(own, json.dumps(version))
    receipts.write(miniature, wrong)
    rules = json.loads(run("status", miniature, "--json").stdout)["rules"]
    assert {rule["state"] for rule in rules} == {"pending" if believed else "applied"}
