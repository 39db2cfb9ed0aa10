"""The page: what is in it, put into its template."""

import base64
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from patcher.errors.visible import visible
from patcher.model import Plan, State
from patcher.operations.changes import Hunk
from patcher.operations.review import Review, RuleReview
from patcher.report import count
from patcher.report.page.code import code, pieces
from patcher.report.page.rows import Block, Shown
from patcher.resources import __version__
from patcher.tree.files import Tree

_FOLDER = Path(__file__).parent


class Card(NamedTuple):
    """A rule as the page shows it; texts as they are, code as HTML.

    Attributes:
        order: Its number in the packs' order.
        line: The first line that it changes, 1-based.
    """

    each: RuleReview
    order: int
    line: int
    blocks: Sequence[tuple[str, State, Sequence[Block]]]
    before: Markup
    after: Markup


def html(tree: Tree, plan: Plan, review: Review) -> str:
    """The page: HTML with all that it needs in it, which says of itself that it is UTF-8."""
    shown = {(change.path, change.state): Shown(change) for change in review.changes}
    cards = [_card(each, number, shown) for number, each in enumerate(review.rules)]
    script, style = (part(name) for name in ("page.js", "page.css"))
    page = environment().get_template("page.html")
    return page.render(
        version=__version__,
        place=tree.root.name or str(tree.root),
        commit=tree.commit(),
        review=review,
        key=_key(review),
        cards=cards,
        sections=[(h, [*g]) for h, g in groupby(cards, key=lambda card: card.each.section)],
        files=sorted({card.each.outcome.file for card in cards}),
        summary=[(state, number) for state, number in plan.summary.items() if number],
        by_hand=_by_hand(review, shown),
        totals=_totals(review),
        script=Markup(script),
        style=Markup(style),
        hashes=[hash_of(script), hash_of(style)],
    )


def _card(each: RuleReview, order: int, shown: dict[tuple[str, State], Shown]) -> Card:
    before, after = (_quote(text) for text in (each.rule.before, each.rule.after))
    lines = (hunk.new.start + 1 for hunk in each.hunks)
    sites = (site.line for site in each.outcome.sites)
    near = each.outcome.nearest.line if each.outcome.nearest else 0
    line = min((*lines, *sites), default=near)
    return Card(each, order, line, [*_blocks(each.hunks, shown, each.id)], before, after)


def _blocks(
    hunks: Sequence[Hunk], shown: dict[tuple[str, State], Shown], id_: str
) -> Iterator[tuple[str, State, Sequence[Block]]]:
    """What hunks show, by file and whether it is made already."""
    for (path, state), mine in groupby(hunks, key=lambda hunk: (hunk.file, hunk.state)):
        yield path, state, [*shown[path, state].blocks([*mine], id_)]


def _by_hand(
    review: Review, shown: dict[tuple[str, State], Shown]
) -> list[tuple[str, State, Sequence[Block]]]:
    """What no rule has changed."""
    return [*_blocks([hunk for hunk in review.hunks if not hunk.rules], shown, "")]


def _quote(text: str) -> Markup:
    rows = pieces(text.rstrip("\n").split("\n")) if text else []
    return Markup("\n").join(map(code, rows))


def _totals(review: Review) -> str:
    lines = [line for hunk in review.hunks for line in hunk.lines]
    added = sum(line.new > 0 for line in lines)
    files = len({change.path for change in review.changes})
    return f"{count(added, 'line')} added, {len(lines) - added} removed in {count(files, 'file')}"


def _key(review: Review) -> str:
    """What the browser keeps its notes by: the same for the same rules and changes."""
    parts = [(hunk.file, hunk.lines) for hunk in review.hunks]
    rules = [(each.id, each.rule) for each in review.rules]
    return sha256(repr((parts, rules)).encode()).hexdigest()[:16]


def hash_of(text: str) -> str:
    """How a policy names a script or style that may be used."""
    return "'sha256-" + base64.b64encode(sha256(text.encode()).digest()).decode() + "'"


@cache
def part(name: str) -> str:
    """The text of a script or style."""
    return (_FOLDER / name).read_text("utf-8")


@cache
def environment() -> Environment:
    """What templates are filled in by; it escapes all that is put into them."""
    found = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    return found


def _shown(value: object) -> object:
    """What a template prints: a text with nothing in it that a browser obeys or hides."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else visible(value)
