"""The rules that a user means: by ids, by lists of ids, and by patterns of them."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from patcher.errors import SelectionError, did_you_mean, nearest
from patcher.packs import DEFAULT, is_known, known_packs
from patcher.receipt.receipt import pack_name

_SPECIAL = re.compile(r"[*?\[]")


def short_id(id_: str) -> str:
    """The id of a rule as it is shown: without its pack where that is the default one."""
    return id_.removeprefix(f"{DEFAULT}/")


def listed(words: Iterable[str]) -> list[str]:
    """The ids and patterns in some words, of which each may hold several, with commas between."""
    return [part.strip() for word in words for part in word.split(",")]


def is_pattern(word: str) -> bool:
    """Whether a word stands for every id that it matches, as `main-*` does."""
    return bool(_SPECIAL.search(word))


def meant(word: str, known: Iterable[str]) -> list[str]:
    """The known ids, in their short form, that an id or a pattern means.

    Without a pack in front, both mean rules of the default pack alone.
    """
    if not is_pattern(word):
        short = short_id(word)
        return [short] if short in known else []
    pack, name = pack_name(word), word.rpartition("/")[2]
    return [
        id_
        for id_ in known
        if fnmatchcase(pack_name(id_), pack) and fnmatchcase(id_.rpartition("/")[2], name)
    ]


def of_other_packs(word: str, known: Iterable[str]) -> list[str]:
    """The known ids that a word would mean with their pack in front of it."""
    if "/" in word:
        return []
    return [id_ for id_ in known if "/" in id_ and fnmatchcase(id_.rpartition("/")[2], word)]


def require(
    words: Iterable[str], known: Collection[str], packs: Sequence[str], option: str
) -> Iterator[str]:
    """The ids that some words mean; `known` are those of some packs, and `option` took the words.

    Raises:
        SelectionError: One means no rule.
    """
    for word in words:
        found = meant(word, known)
        if not found:
            raise _unknown(word, known, packs, option)
        yield from found


def _unknown(
    word: str, known: Collection[str], packs: Sequence[str], option: str
) -> SelectionError:
    """The error that no rule of some packs is meant by a word."""
    chosen = f"pack{'s' * (len(packs) > 1)} {' and '.join(packs)}"
    found = f"no rule {word!r} in {chosen}"
    if is_pattern(word):
        found = f"{word!r} matches no rule of {chosen}"
    return SelectionError(option, found, next_step=_advice(word, known, packs))


def _advice(word: str, known: Collection[str], packs: Sequence[str]) -> str:
    name = pack_name(word)
    if any(id_.startswith(f"{short_id(word)}-") for id_ in known):
        return f"that is a section: '{word}-*' means all of its rules"
    if word in known_packs():
        return f"that is a pack: choose it with --pack {word}"
    if near := of_other_packs(word, known):
        other = f"{pack_name(near[0])}/{word}" if is_pattern(word) else near[0]
        return f"did you mean {other}?"
    if name in packs or is_pattern(name):
        sections = {f"{id_.rpartition('-')[0]}-*" for id_ in known}
        alike = sorted(sections) if is_pattern(word) else known
        return did_you_mean(short_id(word), alike, "`effpatch rules` lists them")
    if is_known(name):
        return f"choose its pack as well, with --pack {name}"
    if near_pack := nearest(name, known_packs()):
        return f"did you mean the pack {near_pack}?"
    return "name the folder of its pack with --pack, or install that pack"
