"""The edit kinds: one row each, with the keys that a pack gives it besides those of every rule.

A kind is named after the syntax node that it owns. What it matches, and what it makes of that,
is in the module of its name beside this one. Nothing here imports LibCST.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from enum import Enum
from typing import Any, ClassVar

from patcher.code.quote_forms import QuoteForm, defaults
from patcher.code.token_runs import is_prose, quoted_run
from patcher.code.tokens import keys_of
from patcher.model import Edit

KINDS: dict[str, type[Kind]] = {}


class Quotes(Enum):
    """Which quotes a rule of a kind has."""

    BOTH = "before and after"
    EITHER = "before, after or both"
    BEFORE = "before alone"


def key(description: str, phrase: str = "", form: QuoteForm | None = None, **more: Any) -> Any:
    """A key of a kind.

    Args:
        description: For the schema.
        phrase: The key in words, `{}` standing for its value.
        form: What code it holds; None for a name.
        more: Such as a default.
    """
    metadata = {"description": description, "form": form}
    return field(metadata={**metadata, "phrase": phrase} if phrase else metadata, **more)


def within(what: str) -> Any:
    """The key `within` of a kind."""
    return key(f"Dotted name of {what}; by default, the module itself.", default="")


class Kind(Edit):
    """A row, entered in `KINDS` when it is defined: which quotes its rules have, and their form."""

    __slots__ = ()
    quotes: ClassVar[Quotes] = Quotes.BOTH
    form: ClassVar[QuoteForm] = QuoteForm.STATEMENTS
    needed_to_add: ClassVar[tuple[str, ...]] = ()  # the keys without which it cannot add anything
    needed_within: ClassVar[tuple[str, ...]] = ()  # those without which it adds to the module alone

    def __init_subclass__(cls) -> None:
        KINDS[cls.kind] = cls

    @classmethod
    def keys(cls) -> dict[str, Field[str]]:
        """The keys that it takes, by name."""
        return {each.name: each for each in fields(cls) if "description" in each.metadata}

    @classmethod
    def mismatch(cls, before: str, after: str) -> str:
        """Why two quotes, each of the kind's form, do not go together; "" where they do."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Kind):
    """Whole statements: changed, removed where they stand, or added right after another."""

    kind = "statement"
    owns_statements = True
    quotes = Quotes.EITHER
    needed_within = ("follows",)
    within: str = within("the class or function that holds the statements")
    follows: str = key(
        "The statement that an addition follows, where `...` stands for anything, even a block; "
        "by default, the module's imports.",
        "right after `{}`",
        QuoteForm.STATEMENT,
        default="",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFrom(Kind):
    """A module-level `from ... import ...`: changed, removed, or added to the imports."""

    kind = "import_from"
    is_import = True
    quotes = Quotes.EITHER
    form = QuoteForm.IMPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportModule(Kind):
    """A module-level `import ... as ...`: changed, removed, or added to the imports."""

    kind = "import_module"
    is_import = True
    quotes = Quotes.EITHER
    form = QuoteForm.IMPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class IfTest(Kind):
    """The test of an `if`, whatever its blocks contain."""

    kind = "if_test"
    form = QuoteForm.IF
    within: str = within("the function that holds it")
    holding: str = key(
        "A name that its blocks mention, which distinguishes it from similar ones.",
        "where {} is mentioned",
        default="",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IfStatement(Kind):
    """An `if` with the quoted lines in its block, which may hold more."""

    kind = "if_statement"
    form = QuoteForm.IF
    within: str = within("the function that holds it")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagDefault(Kind):
    """The default of an absl flag; its help text may differ."""

    kind = "flag_default"
    form = QuoteForm.FLAG


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArgument(Kind):
    """The value of a keyword argument in a call."""

    kind = "call_argument"
    form = QuoteForm.ARGUMENT
    within: str = within("the function that holds the call")
    call: str = key("The function that is called.", "in the call of {}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterDefault(Kind):
    """The default of a parameter of a function."""

    kind = "parameter_default"
    form = QuoteForm.FUNCTION
    within: str = within("the class that defines the function")

    @classmethod
    def mismatch(cls, before: str, after: str) -> str:
        """Why two headers do not change the default of one parameter."""
        old, new = defaults(before), defaults(after)
        changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        if len(changed) == 1 and old.keys() == new.keys():
            return ""
        return f"changes the default of {' and '.join(changed) or 'no parameter'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters(Kind):
    """All parameters of a function, whatever its body contains."""

    kind = "parameters"
    form = QuoteForm.FUNCTION
    within: str = within("the class that defines the function")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentBlock(Kind):
    """A run of comment lines, such as code that was commented out: removed."""

    kind = "comment_block"
    quotes = Quotes.BEFORE
    form = QuoteForm.COMMENTS
    within: str = within("the class or function that holds it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment(Kind):
    """Part of one statement or of its header, or lines of a docstring: changed, removed, added."""

    kind = "fragment"
    is_part = True
    quotes = Quotes.EITHER
    form = QuoteForm.FRAGMENT
    needed_to_add = ("follows",)
    within: str = within("the class or function that holds the statement")
    follows: str = key(
        "The part of the statement, or the lines of the docstring, that an addition follows.",
        "right after `{}`",
        QuoteForm.FRAGMENT,
        default="",
    )
    holding: str = key(
        "A name that the statement mentions outside the quote, which distinguishes it from others.",
        "where {} is mentioned",
        default="",
    )

    @classmethod
    def mismatch(cls, before: str, after: str) -> str:
        """Why two quotes do not change anything."""
        if is_prose(before, after):
            texts = [[line.strip() for line in each.split("\n")] for each in (before, after)]
            return "changes nothing" if texts[0] == texts[1] else ""
        one, other = (keys_of(quoted_run(each).tokens) for each in (before, after))
        return "changes nothing but perhaps a comma at the end" if one == other else ""
