"""All checks, in the order in which their results are reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from patcher.model import CheckSpec
from patcher.verify import (
    attribution,
    equal_forms,
    imports,
    names,
    optional_module,
    settings,
    tensor_rank,
)
from patcher.verify.model import Finding, Result, Subject


@dataclass(frozen=True, slots=True)
class Check:
    """A check that can be made of a tree.

    Attributes:
        name: What packs call it.
        function: Takes a subject, and as keywords the options that `patcher.packs.checks` lists
            for the check; gives what it found, or None where it had nothing to look at.
        for_every_pack: Whether it is made for every pack, or only where a pack declares it.
        before_writing: Whether `apply` makes it before it writes.
        on_request: Whether it is left out where the subject has no measurement to look at.
    """

    name: str
    function: Callable[..., list[Finding] | None]
    for_every_pack: bool = False
    before_writing: bool = False
    on_request: bool = False


CHECKS = (
    Check("attribution", attribution.check, for_every_pack=True),
    Check("names", names.check, for_every_pack=True, before_writing=True),
    Check("imports", imports.check, for_every_pack=True, before_writing=True),
    Check("settings", settings.check),
    Check("optional_module", optional_module.check),
    Check("equal_forms", equal_forms.check),
    Check("tensor_rank", tensor_rank.check, on_request=True),
)
_BY_NAME = {check.name: check for check in CHECKS}


def verify(subject: Subject, specs: Sequence[CheckSpec]) -> list[Result]:
    """What the checks of every pack find in a tree, and those that its packs declare.

    Args:
        subject: The tree before and after its edits.
        specs: The checks that its packs declare.
    """
    made = [(CheckSpec(check.name, check.name), check) for check in CHECKS if check.for_every_pack]
    once = [spec for index, spec in enumerate(specs) if spec not in specs[:index]]
    made += [(spec, _BY_NAME[spec.check]) for spec in once]
    return [
        _result(spec.label, check.function(subject, **spec.options))
        for spec, check in made
        if subject.measurement is not None or not check.on_request
    ]


def before_writing(subject: Subject) -> list[Result]:
    """What the checks that `apply` makes before it writes find in a tree."""
    return [
        _result(check.name, check.function(subject)) for check in CHECKS if check.before_writing
    ]


def _result(label: str, findings: list[Finding] | None) -> Result:
    return Result(label, None if findings is None else tuple(findings))
