"""The phrases of change documents: verbs, the word between two quotes, reasons, places."""

import re
from collections.abc import Iterator

from patcher.document.blocks import CLOSE, OPEN, plain

_VERBS = {
    "Changed": "changed|modified|replaced|updated|adjusted|adjust|renamed|redefined|rewrote|"
    "rewritten|substituted|switched|converted|migrated|moved|swapped out|swapped|exchanged|bumped|"
    "change|replace|update",
    "Added": "added|introduced|inserted|appended|add|insert|introduce",
    "Removed": "removed|deleted|dropped|commented out|remove|delete",
}
# Where such a word is a noun: "Change makes it stable", "Update is needed".
_NOUN = r"(?!\s+(?:makes|is|was|allows|ensures|fixes|helps|in\s+order|needed|required)\b)"
_NORMAL = {word: verb for verb, words in _VERBS.items() for word in words.split("|")}
_ANY = "|".join(sorted(_NORMAL, key=len, reverse=True))
_LEAD = r"(?:and|also|then|we|i)?\s*(?:have\s+|has\s+)?"
_VERB = re.compile(rf"(?i)(?<![\w.-])(?:{_ANY})(?![\w(-]){_NOUN}")
# "In `total`, changed ...", "Inside Shop.total(): added ..."
_WHERE = (
    r"(?:(?:in|inside|within)\s+(?:the\s+)?(?:(?:function|method|class)\s+)?"
    rf"(?:{OPEN}[^{CLOSE}]*{CLOSE}|[\w.]+\(\))(?:\s+(?:function|method|class))?[,:]?\s+)?"
)
_LEADING_PLACE = re.compile(rf"(?i)^{_WHERE}(?={_LEAD}(?:{_ANY})(?![\w(-]){_NOUN})")
# In front of a verb that says what was not done: "did not change", "should be removed".
_UNDONE = re.compile(
    r"(?i)(?:\b(?:not|never|cannot|\w+n['\u2019]t|should|shall|could|would|might|can|todo:?|to be"
    r"|no longer|reverted:?)(?:[*_]*\s+(?:be|been|yet|also|have|really|simply))*"
    r"|\b(?:planned|plan|wanted|want|considered|thought about|instead of|rather than)\b[^.;,]*"
    r"|\bnot[*_]* true\b[^.;]*)[*_]*\s+$"
    r"|^\[ \] "  # a task that is not checked
    r"|\b(?:mistake|wrong|bad idea|tempting|possible|refrained from|avoided)\b[^.;,]*\s+$"
    r"|\b(?:whether|if (?:you|we|one|they)|forget that|why not)\b[^.;]*\s+$"
    # What another version did: "Release 1.9 changed", "upstream changed"
    r"|(?:\bupstream|\b[vV]?\d+(?:\.\d+)+)\s+(?:has |had |already )*$"
)
# After which "to be changed" is what was done.
_HAD = re.compile(r"(?i)\b(?:had|has|have|needs|needed)\s+to be\s+$")
_START = re.compile(rf"(?i){_WHERE}{_LEAD}(?:{_ANY})(?![\w(-]){_NOUN}")
_BARE = re.compile(
    rf"(?i){_LEAD}(?:{_ANY})"
    r"(?:\s+(?:from|the|this|following|code|lines?|block|statements?|it|to))*\s*[:.]?$"
)
_BETWEEN = re.compile(
    r"(?i)(?:(?:was|is|were|are|has been|got)\s+)?(?:(?:replaced|changed|and|now|it)\s+)?"
    r"(?:to|with|by|into|for|after|afterwards|new|now|becomes|became)"
    r"(?:\s+(?:the\s+)?(?:following|this|that|new|code|version|one))*\s*[:.]?$|^(?:->|=>|→|⇒)$"
)
_ABOVE_FIRST = re.compile(r"(?i)(?:from|before|old|was|original|the following)\s*:?$")
_AND = re.compile(r"(?i)and(?: also)?\s*:?$")
_CONTINUES = re.compile(
    r"[a-z(]|(?:To|For|Due|Because|Since|As|So|This|These|That|It|Otherwise|Needed|Required|"
    r"Allows?|Prevents?|Fix(?:es)?|Avoids?|Logs?|Reason|Without|Change|Changes|See|Note)\b"
)
_TO_END = re.compile(r"(?i)\b(?:to|with|by|into)\s*:?$")

_NAME = r"([A-Za-z_]\w*(?:(?:\.|::)\w+)*)"
_MARK = rf"[{OPEN}\"'“\u2018]*"
_CALL = r"(?:\([^()\n]{0,200}\))"
_UNMARK = rf"[{CLOSE}\"'”\u2019]*"
_IN = r"(?i:in|inside|within|into)(?: of)?\s+(?i:the\s+)?"
_SCOPES = (
    rf"\b{_IN}(?i:def|class|function|method|body of)\s+{_MARK}(?:def\s+)?{_NAME}",
    rf"\b(?:{_IN}|(?i:of|to|from)\s+(?i:the\s+)?){_MARK}{_NAME}{_CALL}?{_UNMARK}\s+"
    r"(?i:function|method|class)\b",
    rf"\b{_IN}{_MARK}{_NAME}{_CALL}",
    rf"\b{_IN}{OPEN}{_NAME}{_CALL}?{CLOSE}",
    r"(?<![\w.:])([A-Za-z_]\w*(?:::\w+)+)",
    rf"\b{_IN}(?i:calls?)\s+(?i:of|to)\s+{OPEN}{_NAME}",
    rf"\b(?i:to|from|of)\s+{_MARK}{_NAME}{_CALL}{_UNMARK}\s+"
    r"(?i:parameters?|arguments?|docstring|description|signature|comment)",
    rf"\b(?i:comments?|docstring|description|parameters?|arguments?|signature)\s+"
    rf"(?i:to|of|in|for)\s+{_MARK}{_NAME}{_CALL}",
)
_PLACE = re.compile(r"(?i)(?:in|inside|within)\b")
_SCOPE = tuple(map(re.compile, _SCOPES))
_NO_NAMES = {"the", "this", "that", "new", "same", "each", "every", "a", "an", "call", "calls"}
_PATH = (
    r"(?<![\w./\\+-])[\w./\\+-]*\w\.(?:pyx?|pyi|ipynb|sh|bash|c|cc|cpp|cu|h|hpp|cfg|ini|toml|ya?ml|"
    r"json|txt|md|rst|js|ts|go|rs|java|bat|ps1|proto|gin)"
)
_FILE = re.compile(rf"{_PATH}(?![\w.])")
# A file as a place, and not as in "defined in a.py" or "as in a.py".
_IN_FILE = re.compile(
    r"(?i)(?<!as )(?<!like )(?<!used )(?<!defined )(?<!call )(?<!calls )(?<!imported )(?<!comes )"
    r"\b(in|inside|within|into|to|from)\s+(?:the\s+)?(?:file\s+|module\s+)?[*_]*"
    rf"({_PATH})(?!\w|\.\w)"
)
_LEADING_LABEL = re.compile(rf"^[*_]*{OPEN}?{_PATH}{CLOSE}?[*_]*:\s*")
_LEADING_FILE = re.compile(rf"[*_]*({_PATH})[*_]*(?:\s*(?::|\||\(|\u2013|\u2014|-\s)|\s*$)")
_FURTHER_FILE = re.compile(rf"(?:,|,? and|,? as well as|,? or| &) [*_]*({_PATH})(?!\w|\.\w)")


def _unmarked(text: str) -> str:
    """A line without marks of emphasis, which are read as they are written."""
    return text.strip("*_ ").replace("**", "")


def label_of(text: str) -> str:
    """A line without marks of emphasis or code, and without a colon at its end."""
    return plain(_unmarked(text)).rstrip(":*_ ")


def verb_of(text: str) -> str:
    """Changed, Added or Removed, whichever a sentence says first; "" where it says none."""
    return _NORMAL.get(word_of(text), "")


def word_of(text: str) -> str:
    """The word by which a sentence says so, such as `replaced`; "" where it says none.

    What was not done, or is only to be done, is none.
    """
    words = re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", " ", text)
    found = next((f for f in _VERB.finditer(words) if not is_undone(words[: f.start()])), None)
    return found[0].lower() if found else ""


def is_swap(text: str) -> bool:
    """Whether a sentence says that one thing is swapped for another."""
    return word_of(text).startswith(("swapped", "exchanged"))


def is_undone(text: str) -> bool:
    """Whether what stands in front of a verb, or of code, says that nothing was done."""
    return bool(_UNDONE.search(text)) and not _HAD.search(text)


def starts_with_verb(text: str) -> bool:
    """Whether a sentence starts with a verb that says what is done."""
    return bool(_START.match(_unmarked(text)))


def without_place(text: str) -> str:
    """A sentence without the place that it names before its verb.

    As in "In `total`, changed ..." or "`a.py`: changed ...".
    """
    return _LEADING_PLACE.sub("", _LEADING_LABEL.sub("", text, count=1), count=1)


def is_bare(text: str) -> bool:
    """Whether a line says nothing but that something is changed, added or removed."""
    return bool(_BARE.match(_unmarked(text)))


def is_between(text: str) -> bool:
    """Whether a line stands between the code before and the code afterwards, as `to` does."""
    return bool(_BETWEEN.match(_unmarked(text)))


def is_label(text: str) -> bool:
    """Whether a line says no more than a verb, or that the code before follows."""
    return is_bare(text) or bool(_ABOVE_FIRST.match(_unmarked(text)))


def is_and(text: str) -> bool:
    """Whether a line goes on with the verb of the edit above."""
    return bool(_AND.match(_unmarked(text)))


def ends_with_to(text: str) -> bool:
    """Whether a sentence leads to the code afterwards, as `changed to:` does."""
    return bool(_TO_END.search(text))


def continues(text: str) -> bool:
    """Whether a line below code goes on about that code."""
    return bool(_CONTINUES.match(text))


def is_place(text: str) -> bool:
    """Whether a line says where something is done and nothing else."""
    found = _PLACE.match(text)
    return bool(found and len(text.split()) < 8 and (scopes_of(text) or "__main__" in text))


def scopes_of(text: str) -> tuple[str, ...]:
    """The functions and classes that a text says an edit is in, as dotted names."""
    names = (found[1].replace("::", ".") for each in _SCOPE for found in each.finditer(text))
    return tuple(dict.fromkeys(n for n in names if n.lower() not in _NO_NAMES and not file_in(n)))


def file_in(text: str) -> str:
    """The path or the name of the first file that a text names; "" where it names none."""
    found = _FILE.search(plain(text))
    return found[0] if found else ""


def files_in(text: str) -> tuple[str, ...]:
    """The paths or names of all files that a text names, each once."""
    return tuple(dict.fromkeys(found[0] for found in _FILE.finditer(plain(text))))


def place_file(text: str) -> str:
    """The file that a sentence says an edit is in; "" where it names none.

    "In `a.py`, changed ...", "Added `go()` to `a.py`", "Removed `go()` from `a.py`", "`a.py`:
    removed ...". Several are "a.py and b.py", which is the path of none.
    """
    words, verb = plain(_unmarked(text)), verb_of(text)
    # "Changed `a` to `b.h`" says what it became; "from" names a place where something is removed.
    others = {"Changed": ("to", "into", "from"), "Removed": ()}.get(verb, ("from",))
    found = list[str]()
    for each in _IN_FILE.finditer(words):
        if each[1].lower() not in others:
            found += [each[2], *_further(words[each.end() :])]
    if leading := _LEADING_FILE.match(words):
        found.append(leading[1])
    return " and ".join(sorted({*found}))


def _further(text: str) -> Iterator[str]:
    """The files that the rest of a sentence goes on with."""
    while found := _FURTHER_FILE.match(text):
        yield found[1]
        text = text[found.end() :]


def is_file(text: str) -> bool:
    """Whether a text is the name of a file or of a folder and nothing else."""
    words = plain(text)
    return bool(_FILE.fullmatch(words)) or bool(re.fullmatch(r"[\w.-]+/", words))
