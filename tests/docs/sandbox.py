"""Where the steps of a page are run: one shell in one folder, which pages call `/home/me`."""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.commands import INSTALLED
from tests.docs.steps import Step

HOME = "/home/me"
_LONGEST = 300.0  # seconds, of all steps of a page
_CONFIG = """
[user]
    name = Me
    email = me@example.org
[init]
    defaultBranch = main
[commit]
    gpgSign = false
[core]
    editor = true
[advice]
    detachedHead = false
"""
_RUN = '(exit "$__status"); . {script} >>{file}.out 2>&1 </dev/null; __status=$?'
_END = 'echo "$__status" >{file}.code'


def complete(code: str) -> Iterator[str]:
    """The commands of a script: as many lines as the shell needs for each."""
    lines: list[str] = []
    for line in code.splitlines():
        lines.append(line)
        text = "\n".join(lines)
        read = subprocess.run(["bash", "-n", "-c", text], capture_output=True, check=False)
        if not line.endswith("\\") and read.returncode == 0 and not read.stderr:
            yield text
            lines = []
    if lines:
        yield "\n".join(lines)


class Result(NamedTuple):
    """What came of a step; a code of None says that it ended the shell, or was never reached."""

    step: Step
    output: str
    code: int | None


class Sandbox:
    """A home of its own, with git set up and the installed command on PATH."""

    def __init__(self, folder: Path) -> None:
        self._home, self._files = folder.resolve() / "me", folder.resolve() / "steps"
        self._home.mkdir()
        self._files.mkdir()

    def run(self, steps: Sequence[Step], variables: Mapping[str, str]) -> list[Result]:
        """Run steps one after another.

        Args:
            steps: All of a page.
            variables: What their shell has besides what every one has.
        """
        script = ["__status=0"]
        for number, step in enumerate(steps):
            script += self._lines(self._files / str(number), step)
        self._bash("\n".join(script), {**self._environment(), **variables})
        return [self._result(number, step) for number, step in enumerate(steps)]

    def _lines(self, file: Path, step: Step) -> Iterator[str]:
        """What the shell does for a step, whose files begin with a name."""
        code = step.code.replace(HOME, str(self._home))
        if step.language == "python":
            file.with_suffix(".py").write_text(code, "utf-8")
            code = f"python {shlex.quote(f'{file}.py')}"
        for number, command in enumerate(complete(code)):
            script = file.with_name(f"{file.name}-{number}.sh")
            script.write_text(f"{command}\n", "utf-8")
            yield _RUN.format(script=shlex.quote(str(script)), file=shlex.quote(str(file)))
            if step.language != "console":
                # 1 says no more than that there are differences.
                yield f'[ "$__status" -le {int(command.startswith("effpatch "))} ] || exit'
        yield _END.format(file=shlex.quote(str(file)))

    def _result(self, number: int, step: Step) -> Result:
        file = self._files / str(number)
        out, code = file.with_suffix(".out"), file.with_suffix(".code")
        output = out.read_text("utf-8", "replace") if out.exists() else ""
        status = int(code.read_text()) if code.exists() else None
        return Result(step, output.replace(str(self._home), HOME), status)

    def _bash(self, script: str, environment: Mapping[str, str]) -> None:
        with subprocess.Popen(
            ["bash", "--norc", "-c", script],
            cwd=self._home,
            env=environment,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as shell:
            try:
                with suppress(subprocess.TimeoutExpired):
                    shell.wait(_LONGEST)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(shell.pid, signal.SIGKILL)

    def _environment(self) -> dict[str, str]:
        """That of the tests without what would change an output, and the user's own git."""
        theirs = ("EFFPATCH_", "XDG_", "GIT_AUTHOR", "GIT_COMMITTER", "COLUMNS", "LINES")
        unlike = (*theirs, "CI", "GITHUB_", "FORCE_COLOR", "CLICOLOR", "PYTEST_", "LANG", "LC_")
        kept = {name: text for name, text in os.environ.items() if not name.startswith(unlike)}
        path = f"{INSTALLED.parent}{os.pathsep}{os.environ['PATH']}"
        looks = {"TERM": "dumb", "LC_ALL": "C.UTF-8", "PAGER": "cat", "TZ": "UTC"}
        git = {"GIT_CONFIG_GLOBAL": str(self._git_config()), "GIT_TERMINAL_PROMPT": "0"}
        quiet = {"PIP_NO_INDEX": "1", "PIP_DRY_RUN": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        return {**kept, **looks, **git, **quiet, "PATH": path, "HOME": str(self._home)}

    def _git_config(self) -> Path:
        """The user's own settings, such as where a repository is really fetched from, and ours."""
        home = Path.home()
        own = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git" / "config"
        named = os.environ.get("GIT_CONFIG_GLOBAL")
        users = [Path(named)] if named else [own, home / ".gitconfig"]
        file = self._files / "gitconfig"
        file.write_text("".join(f'[include]\n    path = "{each}"\n' for each in users) + _CONFIG)
        return file
