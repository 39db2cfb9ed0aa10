"""What the loader accepts, the engine plans: no quote of a pack ends in an unexpected error."""

import json
from itertools import product
from pathlib import Path

import pytest

from patcher import engine
from patcher.edits.kinds import KINDS
from patcher.errors import PackError
from patcher.model import Pack
from patcher.packs.rules import load_section
from patcher.packs.tables import read

QUOTES = [
    "", "# a", "a", "a = 1\nb = 2", "a = 1; b = 2", "if a:", "if a: b()", "if a:\n    b()",
    "if a:\n    b()\nelse:\n    c()", "import a", "import a as b", "from a import *",
    "from a import b", "from . import (b, c)", "def f(x=1):", "def f(x=2):", "def f(y=1):",
    "def f(*a, **k): pass", "async def f(x=1):", "f()", "DEFINE_bool('a', 1", "DEFINE_bool('a'",
    "DEFINE_bool(name='a', default=2", "x=1", "x=1)", "x=(", "*x", "x=')'", "match a:", "...",
]  # fmt: skip
KEYS: dict[str, list[dict[str, str]]] = {
    "call_argument": [{"call": "f"}],
    "statement": [{}, *({"follows": quote} for quote in ("a = 1", "if a:", "a\nb", "a; b", "..."))],
    "if_test": [{"holding": "b"}],
    "fragment": [{"follows": "f("}],
}
TREES = [
    b"",
    b"import a\nfrom a import b\nDEFINE_bool('a', 1, 'h')\n# a\na = 1\nif a: b()\nif a:\n    b()\n"
    b"else:\n    c()\ndef f(x=1):\n    # a\n    if a:\n        b()\n    return f(x=1)\n",
]


@pytest.mark.parametrize("kind", KINDS)
def test_no_quote_is_unexpected(kind: str, tmp_path: Path) -> None:
    accepted = 0
    for keys, before, after in product(KEYS.get(kind, [{}]), [None, *QUOTES], [None, *QUOTES]):
        values = {**keys, "kind": kind, "title": "t", "why": "w", "before": before, "after": after}
        lines = [f"{key} = {json.dumps(each)}" for key, each in values.items() if each is not None]
        file = tmp_path / "one.toml"
        file.write_text("\n".join(['path = "one.py"', "[[rule]]", "item = 1", *lines]))
        try:
            section = load_section(read(file), "one", "", "", {})
        except PackError:
            continue
        accepted += 1
        for content in TREES:
            (outcome,) = engine.plan([Pack("one", (section,))], {"one.py": content}).outcomes
            assert outcome.wants
    assert accepted
