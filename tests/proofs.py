"""A small shop, the pack of a port of it that proves sound, and ways to break that pack."""

from hashlib import sha256
from pathlib import Path
from textwrap import dedent

from tests.commands import git

FILES = {
    "README.md": "A small shop.\n",
    "src/app.py": """\
        import os
        from tools import rate


        def total(prices, country=None):
            # Everything in it.
            if country is not None:
                return sum(prices) * rate(country)
            return sum(prices)
        """,
    "src/tools.py": """\
        RATES = {"de": 119}


        def rate(country):
            return RATES.get(country, 100)
        """,
}
PACK = """\
title = "Taxes for the shop"
sections = ["app", "tools"]
document = "changes.md"

[upstream]
name = "shop"
repository = "{repository}"
commit = "{commit}"
root = "src"

[upstream.sha256]
"src/app.py" = "{app}"
"src/tools.py" = "{tools}"
"""
APP = '''\
path = "src/app.py"

[[rule]]
item = 1
title = "do not import os"
kind = "import_module"
why = "Nothing uses it."
before = "import os"
ignores = ["import os.path", "import os as system"]

[[rule]]
item = 2
title = "import known"
kind = "import_from"
why = "app-3 asks."
before = "from tools import rate"
after = "from tools import rate, known"
needs = [{ file = "src/tools.py", binds = ["known"] }]

[[rule]]
item = 3
title = "tax where the country is known"
kind = "if_test"
within = "total"
why = "A country without a rate has no tax."
before = "if country is not None:"
after = "if known(country):"
ignores = [
    "if country is None:",
    """
def average(prices, country=None):
    if country is not None:
        return 1
""",
]
'''
TOOLS = '''\
path = "src/tools.py"

[[rule]]
item = 1
title = "say which countries are known"
kind = "statement"
follows = "RATES = {...: ...}"
why = "app-3 asks."
after = """
def known(country):
    return country in RATES
"""
'''
DOCUMENT = """\
# app.py

1.  Removed

    ```
    import os
    ```

    Nothing uses it.

2.  Changed

    ```
    from tools import rate
    ```
    to
    ```
    from tools import rate, known
    ```

    app-3 asks.

3.  Changed

    ```
    if country is not None:
    ```
    to
    ```
    if known(country):
    ```

    A country without a rate has no tax.

# tools.py

1.  Added

    ```
    def known(country):
        return country in RATES
    ```

    app-3 asks.
"""


def upstream(place: Path) -> Path:
    """The repository of the shop, made at a place."""
    for name, text in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(dedent(text))
    git(place, "init", "--quiet")
    git(place, "config", "uploadpack.allowFilter", "true")
    git(place, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(place, "add", ".")
    git(place, "commit", "--quiet", "--message", "the shop")
    return place


def pack(folder: Path, shop: Path) -> Path:
    """The pack for that repository, made in a folder; all of its checks hold."""
    app, tools = (sha256((shop / f"src/{n}.py").read_bytes()).hexdigest() for n in ("app", "tools"))
    commit = git(shop, "rev-parse", "HEAD").strip()
    named = {"repository": shop.as_uri(), "commit": commit, "app": app, "tools": tools}
    folder.mkdir()
    texts = {"pack.toml": PACK.format(**named), "app.toml": APP, "tools.toml": TOOLS}
    for name, text in {**texts, "changes.md": DOCUMENT}.items():
        (folder / name).write_text(text)
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text that stands once in a file of a pack."""
    text = (folder / name).read_text()
    assert text.count(old) == 1, (old, text)
    (folder / name).write_text(text.replace(old, new))
