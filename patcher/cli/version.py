"""`--version`: all that a report of a bug has to say of an installation."""

from collections.abc import Iterator

import click

from patcher.report.streams import say
from patcher.resources import RULES, __version__

_SHOWN = 12  # digits of a digest


def _print(context: click.Context, _: click.Parameter, given: bool) -> None:
    if given and not context.resilient_parsing:
        for line in lines():
            say(line)
        context.exit()


version_option = click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print,
    help="Show the versions of effpatch, Python and LibCST, the pin and the packs, and exit.",
)


def lines() -> Iterator[str]:
    """The version; then Python and LibCST, each pin of the shipped packs, and their digests."""
    from importlib.metadata import version
    from platform import python_implementation, python_version

    from patcher.packs import load_pack, shipped_packs
    from patcher.packs.digests import digest_of

    yield f"effpatch, version {__version__}"
    yield f"{python_implementation()} {python_version()}, LibCST {version('libcst')}"
    pins = (load_pack(name).upstream for name in shipped_packs())
    for place in dict.fromkeys(f"{pin.repository}@{pin.commit}" for pin in pins if pin):
        yield f"pin {place}"
    for name in shipped_packs():
        yield f"pack {name} {digest_of(RULES / name)[:_SHOWN]}"
