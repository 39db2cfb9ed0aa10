"""All checks, in the order in which their results are reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from patcher.checks.model import Finding, Result, Subject
from patcher.model import CheckSpec


@dataclass(frozen=True, slots=True)
class Check:
    """A check that can be made of a tree: the function `check` of the module of its name.

    The function takes a subject, and as keywords the options that `patcher.packs.checks` lists
    under the name; it gives what it found, or None where it had nothing to look at.

    Attributes:
        for_every_pack: Whether it is made for every pack, or only where a pack declares it.
        before_writing: Whether `apply` makes it before it writes.
        on_request: Whether it is left out where the subject has no measurement to look at.
    """

    name: str
    for_every_pack: bool = False
    before_writing: bool = False
    on_request: bool = False

    @property
    def function(self) -> Callable[..., list[Finding] | None]:
        """What makes it. Loaded when it is needed: `apply` makes two of the checks only."""
        check: Callable[..., list[Finding] | None]
        check = import_module(f"patcher.checks.{self.name}").check
        return check

    def result(self, subject: Subject, label: str, options: Mapping[str, object]) -> Result:
        """What it finds in a tree."""
        found = self.function(subject, **options)
        return Result(label, None if found is None else tuple(found))


CHECKS = (
    Check("attribution", for_every_pack=True),
    Check("names", for_every_pack=True, before_writing=True),
    Check("imports", for_every_pack=True, before_writing=True),
    Check("settings"),
    Check("optional_module"),
    Check("equal_forms"),
    Check("tensor_rank", on_request=True),
)


def verify(subject: Subject, specs: Sequence[CheckSpec]) -> list[Result]:
    """What the checks of every pack find in a tree, and those that its packs declare."""
    known = {check.name: check for check in CHECKS}
    made = [CheckSpec(check.name, check.name) for check in CHECKS if check.for_every_pack]
    made += [spec for index, spec in enumerate(specs) if spec not in specs[:index]]
    return [
        known[spec.check].result(subject, spec.label, spec.options)
        for spec in made
        if subject.measurement is not None or not known[spec.check].on_request
    ]


def before_writing(subject: Subject) -> list[Result]:
    """What the checks that `apply` makes before it writes find in a tree."""
    return [check.result(subject, check.name, {}) for check in CHECKS if check.before_writing]
