"""The page of a pack of 2,000 rules in a browser: how long each thing that a reader does takes.

Usage: `python -m benchmarks.page`. It takes Debian's Chromium and the extra `dev`.
"""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.processes import EFFPATCH
from tests.report.browser import Opened, browser

_PACK = """\
name = "many"
title = "Many rules"
sections = [{sections}]

[upstream]
repository = "https://example.org/many.git"
commit = "0123456789012345678901234567890123456789"
root = "src"
"""
_RULE = """
[[rule]]
item = {n}
title = "count value {n} twice"
kind = "statement"
within = "function_{n}"
why = "The value of function {n} counts twice."
before = "result = value + {n}"
after = "result = 2 * value + {n}"
"""
_FUNCTION = """\
def function_{n}(value):
    \"\"\"Work on a value.\"\"\"
    result = value + {n}
    return result if result > 10 else None


"""
# What a reader does, each as a function that the page runs.
_ACTS = {
    "filter by text": "set('text', 'input', 'function_77')",
    "show all again": "set('text', 'input', '')",
    "filter by rule": "set('rule', 'change', 'many/m7-50')",
    "and all again": "set('rule', 'change', '')",
    "order by file": "set('order', 'change', 'file')",
    "side by side": "document.getElementById('split').click()",
    "tick a rule": "document.querySelector('.done').click()",
    "next rule": "document.getElementById('next').click()",
}
_TIMED = """async () => {
  const set = (id, event, value) => {
    const element = document.getElementById(id);
    element.value = value;
    element.dispatchEvent(new Event(event));
  };
  const start = performance.now();
  ACT;
  document.body.offsetHeight;
  return performance.now() - start;
}"""
_SCROLLED = """async () => {
  const frames = [];
  let last = performance.now();
  for (let n = 0; n < 120; n++) {
    window.scrollBy(0, 400);
    await new Promise((done) => requestAnimationFrame(done));
    frames.push(performance.now() - last);
    last = performance.now();
  }
  return frames.sort((a, b) => a - b)[113];
}"""


@click.command()
@click.option("--files", default=20, show_default=True)
@click.option("--rules", default=100, show_default=True, help="Of each file.")
def main(files: int, rules: int) -> None:
    """Make the page and time it."""
    with TemporaryDirectory(prefix="effpatch-benchmark-") as name, browser() as chromium:
        page = _made(Path(name), files, rules)
        click.echo(f"{files * rules} rules, {page.stat().st_size / 1e6:.1f} MB")
        start = time.perf_counter()
        opened = Opened(chromium, page, viewport={"width": 1280, "height": 900})
        click.echo(f"load: {(time.perf_counter() - start) * 1000:.0f} ms")
        for label, act in _ACTS.items():
            click.echo(f"{label}: {opened.page.evaluate(_TIMED.replace('ACT', act)):.0f} ms")
        click.echo(f"a frame while scrolling, 95 %: {opened.page.evaluate(_SCROLLED):.0f} ms")


def _made(folder: Path, files: int, rules: int) -> Path:
    pack, source = folder / "pack", folder / "tree" / "src"
    pack.mkdir()
    source.mkdir(parents=True)
    names = [f"m{number}" for number in range(files)]
    (pack / "pack.toml").write_text(_PACK.format(sections=", ".join(f'"{n}"' for n in names)))
    numbers = range(1, rules + 1)
    for each in names:
        text = f'path = "src/{each}.py"\n' + "".join(_RULE.format(n=n) for n in numbers)
        (pack / f"{each}.toml").write_text(text)
        (source / f"{each}.py").write_text("".join(_FUNCTION.format(n=n) for n in numbers))
    page = folder / "page.html"
    command = [EFFPATCH, "review", str(folder / "tree"), "--pack", str(pack), "-o", str(page)]
    subprocess.run(command, check=True, capture_output=True)
    return page


if __name__ == "__main__":
    main()
