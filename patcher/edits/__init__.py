"""The kinds of edit, by the node that each owns: the words that rules are written in.

The words are plain values, so that a catalogue of rules needs no LibCST; what a kind does is
in the module that `patcher.edits.kinds` names for it.
"""

from patcher.model import Edit


def statement(within: str = "", *, after: str = "") -> Edit:
    """Whole statements: changed, removed where they stand, or added right after another.

    Args:
        within: The class or function that holds them.
        after: The statement that an addition follows, `...` standing for anything; left
            out, the module's imports.
    """
    return Edit("statement", within=within, after=after)


def import_from() -> Edit:
    """A module-level `from ... import ...`: changed, removed, or added to the imports."""
    return Edit("import_from")


def import_module() -> Edit:
    """A module-level `import ... as ...`: removed, or added to the imports."""
    return Edit("import_module")


def if_test(within: str, *, holding: str = "") -> Edit:
    """The test of an `if`, whatever stands in its blocks.

    Args:
        within: The function that holds it.
        holding: A name that its blocks mention, telling it from a twin.
    """
    return Edit("if_test", within=within, holding=holding)


def if_statement(within: str) -> Edit:
    """An `if` with the quoted lines in its block, which may hold more."""
    return Edit("if_statement", within=within)


def flag_default() -> Edit:
    """The default of an absl flag; its help text is its own affair."""
    return Edit("flag_default")


def call_argument(within: str, *, call: str) -> Edit:
    """The value of a keyword argument in a call of `call`."""
    return Edit("call_argument", within=within, call=call)


def parameter_default(within: str) -> Edit:
    """The default of a parameter of a function defined in the class `within`."""
    return Edit("parameter_default", within=within)


def parameters(within: str) -> Edit:
    """The parameters of a function defined in the class `within`, whatever stands in its block."""
    return Edit("parameters", within=within)


def comment_block(within: str) -> Edit:
    """A run of comment lines, such as code that was commented out."""
    return Edit("comment_block", within=within)
