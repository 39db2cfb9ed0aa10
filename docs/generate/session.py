"""The session of the README, recorded: real commands on a copy of the miniature, as a picture.

`python -m docs.generate.session` writes docs/session.svg. With `--check`, it fails if the commands
now print something else than what is in there.
"""

import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "session.svg"
COLUMNS = 108
# What is run, each with its exit code.
COMMANDS = {
    "effpatch diff miniature --only main-7": 0,
    "effpatch apply miniature --only main-12": 3,
    "effpatch apply miniature": 0,
    "effpatch verify miniature": 0,
    "effpatch revert miniature": 0,
}
# Each colour has a contrast of 4.5 or more to the background, dimmed text as well.
_BACKGROUND, _TEXT = (22, 27, 34), (230, 237, 243)
_NORMAL = [
    *((110, 118, 129), (255, 123, 114), (86, 211, 100), (227, 179, 65)),
    *((121, 192, 255), (210, 168, 255), (86, 212, 221), (230, 237, 243)),
]
_THEME = TerminalTheme(_BACKGROUND, _TEXT, _NORMAL)
_FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"


def session() -> str:
    """The session as SVG: what the commands print now, one after the other, in a new folder."""
    console = Console(
        record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="standard"
    )
    with TemporaryDirectory(prefix="effpatch-session-") as name:
        shutil.copytree(ROOT / "vendor" / "miniature", Path(name) / "miniature")
        for number, command in enumerate(COMMANDS):
            prompt = Text.assemble(("$ ", "green"), (command, "bold"))
            printed = Text.from_ansi(_printed(command, Path(name)))
            for line in [*([Text()] if number else []), prompt, *printed.split(allow_blank=True)]:
                console.print(*line.divide(range(COLUMNS, len(line), COLUMNS)), sep="\n")
    return console.export_svg(
        title="effpatch", theme=_THEME, code_format=_format(), unique_id="session"
    )


def texts(svg: str) -> list[str]:
    """What a session shows, piece by piece; how it is drawn is up to the version of rich."""
    elements = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(each.itertext()).replace("\xa0", " ").rstrip() for each in elements]


def _format() -> str:
    """What rich fills in, without the font that it would fetch, and with those of systems."""
    own = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    own = re.sub(r"\s*<!--.*?-->", "", own)
    return own.replace("Fira Code, monospace", _FONTS).replace("arial", "sans-serif")


def _printed(command: str, folder: Path) -> str:
    """What a command writes to a terminal, in a folder that is also the user's own."""
    ours, theirs = pty.openpty()
    looks = {"TERM": "xterm", "COLUMNS": str(COLUMNS), "LANG": "C.UTF-8", "PAGER": "cat"}
    places = {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **looks, **places}
    words = [sys.executable, "-m", "patcher", *command.split()[1:]]
    with subprocess.Popen(
        words, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=env
    ) as process:
        os.close(theirs)
        written = b"".join(_parts(ours))
    os.close(ours)
    if process.returncode != COMMANDS[command]:
        found = f"exit code {process.returncode}, expected {COMMANDS[command]}"
        sys.exit(f"{command}: {found}; it printed: {written.decode()}")
    return written.decode().replace("\r\n", "\n").rstrip("\n")


def _parts(terminal: int) -> Iterator[bytes]:
    """What is written to a terminal, until its other side is closed."""
    try:
        while part := os.read(terminal, 65536):
            yield part
    except OSError:  # how Linux says that it is
        pass


def main(arguments: Sequence[str]) -> None:
    """Write the session, or check that what is written is up to date."""
    recorded = session()
    if [*arguments] != ["--check"]:
        FILE.write_text(recorded, "utf-8")
    elif texts(recorded) != texts(FILE.read_text("utf-8")):
        sys.exit(f"{FILE.relative_to(ROOT)}: stale; run `python -m docs.generate.session`")


if __name__ == "__main__":
    main(sys.argv[1:])
