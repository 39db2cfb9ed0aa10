"""What one rule looked for in a file, and what it found there."""

from collections.abc import Mapping
from dataclasses import dataclass

from patcher.code import source
from patcher.engine.nearest import near_misses
from patcher.engine.outcomes import read_as
from patcher.engine.planner import plan
from patcher.model import Nearest, Outcome, Pack

_SHOWN = 5  # near misses


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a rule decided, the places that it found with their states, and what comes close."""

    outcome: Outcome
    sites: tuple[Nearest, ...]
    near: tuple[Nearest, ...]


def explain(pack: Pack, files: Mapping[str, bytes], id_: str) -> Explanation:
    """What a rule of a pack looked for in its file, and what it found there.

    `files` are those that the pack names, by path, the rule's own among them.

    Raises:
        UnparsableError: A file cannot be parsed.
    """
    section, rule = next((s, rule) for each, s, rule in pack.entries() if each == id_)
    outcome = next(o for o in plan([pack], files).outcomes if o.id == id_)
    content = files[section.path]
    lines = source.lines(content)
    sites = (Nearest(s.line, lines[s.line - 1], str(s.state)) for s in outcome.sites)
    others, near = list[Nearest](), dict[int, Nearest]()
    is_blocked = outcome.nearest is not None and outcome.nearest.is_blocker
    if outcome.state.is_unresolved and not is_blocked:
        with read_as([section]):
            others = near_misses(section, rule, source.parse(section.path, content))
    for each in (outcome.nearest, *others):
        if each and each.text:
            near.setdefault(each.line, each)
    return Explanation(outcome, tuple(sites), tuple(near.values())[:_SHOWN])
