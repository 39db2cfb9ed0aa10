"""Packs as a page: what `patcher.report.pack_markdown` writes, as HTML."""

from collections.abc import Collection, Sequence

from markdown_it import MarkdownIt
from markupsafe import Markup

from patcher.errors.visible import visible
from patcher.model import Pack
from patcher.report.pack_markdown import markdown
from patcher.report.page.page import environment, hash_of, part
from patcher.resources import __version__


def html(packs: Sequence[Pack], ids: Collection[str] = ()) -> str:
    """The page: HTML with all that it needs in it, of packs or of some of their rules."""
    style = part("pack.css")
    page = environment().get_template("pack.html")
    return page.render(
        version=__version__,
        title=", ".join(pack.title or pack.name for pack in packs),
        documents=[_rendered(visible(markdown(pack, ids), "\n\t")) for pack in packs],
        style=Markup(style),
        hash=hash_of(style),
    )


def _rendered(text: str) -> Markup:
    """Markdown as HTML, without any that is in it; entries of lists keep their numbers."""
    renderer = MarkdownIt("commonmark", {"html": False})
    tokens = renderer.parse(text)
    for token in tokens:
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)
    return Markup(renderer.renderer.render(tokens, renderer.options, {}))
