"""What the site needs beyond MkDocs: pages from outside docs/, and Markdown as GitHub reads it."""

import posixpath
import re
from pathlib import Path

import mdformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pymdownx.slugs import slugify

ROOT = Path(__file__).parents[1]
# A fenced block, or code in a line: in both, nothing is a comment or a link.
_CODE = r"""(?P<code>
    ^[ ]*(?P<fence>`{3,}).*?^[ ]*(?P=fence)`*[ ]*$
  | (?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)
)"""
_FLAGS = re.DOTALL | re.MULTILINE | re.VERBOSE
_COMMENT = re.compile(rf"{_CODE} | <!--.*?-->\n?", _FLAGS)
_LINK = re.compile(
    rf"{_CODE} | \[(?P<text>(?:[^\[\]`]|`[^`]*`|\[[^\]]*\])*)\]\((?P<to>[^()\s]+)\)", _FLAGS
)
_ROW = re.compile(r"^ *\|.*\|$", re.MULTILINE)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Name headings as GitHub does."""
    config.mdx_configs["toc"]["slugify"] = slugify(case="lower")
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files from outside docs/."""
    for place, path in config.extra["outside"].items():
        files.append(File.generated(config, place, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The text of a page as Python-Markdown reads it: without comments, with links in the site."""
    if not page.parent:
        page.meta.setdefault("hide", ["navigation"])  # which would be the page alone
    source = Path(str(page.file.abs_src_path)).relative_to(ROOT).as_posix()
    shown = _COMMENT.sub(lambda found: found["code"] or "", markdown)
    linked = _LINK.sub(lambda found: found["code"] or _link(found, source, page, config), shown)
    return _ROW.sub(_row, mdformat.text(linked, extensions=["mkdocs", "tables"]))


def _row(found: re.Match[str]) -> str:
    """A row of a table, in which GitHub wants `|` in code escaped, and Python-Markdown does not."""
    return re.sub("`[^`]+`", lambda code: code[0].replace(r"\|", "|"), found[0])


def _link(found: re.Match[str], source: str, page: Page, config: MkDocsConfig) -> str:
    """A link as the site has it: to a page, to the repository, or no link but its text."""
    path, mark, anchor = found["to"].partition("#")
    if not path or re.match("[a-z]+:", path):
        return found[0]
    target = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    places = {path: place for place, path in config.extra["outside"].items()}
    if target in places or target.startswith("docs/"):
        place = places.get(target) or target.removeprefix("docs/")
        here = posixpath.dirname(page.file.src_uri)
        return f"[{found['text']}]({posixpath.relpath(place, here or '.')}{mark}{anchor})"
    if not (ROOT / target).exists():
        return found[0]  # which MkDocs warns of
    if config.repo_url:
        return f"[{found['text']}]({config.repo_url.rstrip('/')}/blob/HEAD/{target}{mark}{anchor})"
    return found["text"] if target in found["text"] else f"{found['text']} (`{target}`)"
