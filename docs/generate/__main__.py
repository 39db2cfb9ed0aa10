"""`python -m docs.generate`: writes the generated files, or says which of them are stale."""

import sys
from collections.abc import Sequence
from fnmatch import fnmatch

import click

from docs.generate import ROOT, generators, left_over


@click.command()
@click.argument("names", metavar="[FILE]...", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file is stale.")
def generate(names: Sequence[str], check: bool) -> None:
    """Write the generated files of the documentation, or those whose paths match FILE.

    FILE is a path in the repository, such as docs/reference/commands.md, or a pattern, such as
    'docs/man/*'.
    """
    chosen = {
        path: make
        for path, make in generators().items()
        if not names or any(fnmatch(path, name) for name in names)
    }
    if not chosen:
        raise click.UsageError(f"nothing is generated at {' or '.join(names)}")
    stale = [] if names else left_over()
    for path, make in chosen.items():
        file, made = ROOT / path, make()
        if file.is_file() and file.read_bytes() == made:
            continue
        stale.append(path)
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(made)
    for path in stale:
        is_left = path not in chosen
        if is_left and not check:
            (ROOT / path).unlink()
        click.echo(f"{path}: {_said(is_left, check)}")
    sys.exit(1 if stale and check else 0)


def _said(is_left: bool, check: bool) -> str:
    if not check:
        return "removed" if is_left else "written"
    why = "nothing generates it" if is_left else "is stale"
    return f"{why}; run python -m docs.generate"


if __name__ == "__main__":
    generate(prog_name="python -m docs.generate")
