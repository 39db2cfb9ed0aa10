"""A tree of two files and a pack for it: what is about files and processes needs no more."""

from pathlib import Path

from tests.commands import git

ROOT = "src"
TREE = {"src/app.py": "A = 1\nB = 1\n", "src/tools.py": "C = 1\n", "README.md": "Small.\n"}
_PACK = """\
name = "small"
title = "Twos for ones"
sections = ["app", "tools"]
runtime = { folder = "habana_common", packages = ["TensorFlow"] }

[upstream]
repository = "https://example.org/small.git"
commit = "0123456789012345678901234567890123456789"
root = "src"
"""
_RULE = """
[[rule]]
item = {item}
title = "set {name} to two"
kind = "statement"
why = "Two is more."
before = "{name} = 1"
after = "{name} = 2"
"""
# One edit in each file; a third one stays pending.
SOME = ("--only", "small/app-1", "--only", "small/tools-1")


def pack(folder: Path) -> tuple[str, ...]:
    """The options that name the pack, once it is written."""
    folder.mkdir()
    (folder / "pack.toml").write_text(_PACK)
    for section, names in (("app", "AB"), ("tools", "C")):
        rules = [_RULE.format(item=item, name=name) for item, name in enumerate(names, 1)]
        (folder / f"{section}.toml").write_text(f'path = "src/{section}.py"\n' + "".join(rules))
    return ("--pack", str(folder))


def tree(root: Path, *, under_git: bool = False) -> Path:
    """The tree; under git, with one commit and an author of its own."""
    for path, text in TREE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    if under_git:
        commit(root)
    return root


def commit(root: Path) -> None:
    """Make a folder a repository with one commit of everything, and with an author of its own."""
    git(root, "init", "--quiet", "--initial-branch", "main", "--template=")
    with (root / ".git" / "config").open("a") as file:
        file.write("[user]\nname = tester\nemail = tester@localhost\n")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "all")
