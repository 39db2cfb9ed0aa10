"""The checks of a tree, each by the function `check` of the module of its name.

The function takes a subject, and as keywords the options that `patcher.packs.checks` lists under
the name; it gives what it found, or None where it had nothing to look at, or `Unchecked` where that
has reasons. A module may also have a function `note`, which says in a few words how much there was
to look at.
"""

from collections.abc import Sequence
from importlib import import_module

from patcher.checks.model import Result, Subject, Unchecked
from patcher.model import CheckSpec

BEFORE_WRITING = ("names", "imports")
# Those that are made for every pack; the others only where a pack declares them.
FOR_EVERY_PACK = ("edits", "attribution", *BEFORE_WRITING)
# Left out where the subject has no measurement to look at.
OF_THE_GRAPH = ("tensor_rank", "legacy_variables")


def verify(
    subject: Subject, specs: Sequence[CheckSpec], every: Sequence[str] = FOR_EVERY_PACK
) -> list[Result]:
    """What the checks of every pack find in a tree, and those that its packs declare."""
    made = [CheckSpec(name, name) for name in every]
    made += [spec for index, spec in enumerate(specs) if spec not in specs[:index]]
    is_asked = subject.measurement is not None
    return [_result(subject, spec) for spec in made if is_asked or spec.check not in OF_THE_GRAPH]


def before_writing(subject: Subject) -> list[Result]:
    """What the checks that `apply` makes before it writes find in a tree."""
    return [_result(subject, CheckSpec(name, name)) for name in BEFORE_WRITING]


def _result(subject: Subject, spec: CheckSpec) -> Result:
    """What a check finds. It is loaded when it is needed: `apply` makes two of them only."""
    module = import_module(f"patcher.checks.{spec.check}")
    found = module.check(subject, **spec.options)
    if found is None:
        return Result(spec.label, None)
    note = module.note(subject) if hasattr(module, "note") else ""
    return Result(spec.label, tuple(found), note, not isinstance(found, Unchecked))
