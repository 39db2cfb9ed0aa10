"""Small changes of the pin, as texts in it and in what the edits make of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from patcher import engine
from tests.rule_check import DOCUMENTED

Files = Mapping[str, bytes]
Swap = tuple[str, str, str]
ALL = frozenset(id_ for id_, _, _ in DOCUMENTED.entries())
PATHS = {section.id_of(section.rules[0])[:-2]: section.path for section in DOCUMENTED.sections}
MAIN, MODEL, ARCH = (PATHS[name] for name in ("main", "det_model_fn", "efficientdet_arch"))
HOOKS, PACKAGE, UTIS = (PATHS[name] for name in ("hooks", "init", "utis"))
LOADER, NORM, UTILS = (PATHS[name] for name in ("dataloader", "normalization_v2", "utils"))
HPARAMS = "efficientdet/hparams_config.py"


@dataclass(frozen=True)
class Drift:
    """A change of the pin, and what the edits make of it.

    Attributes:
        swaps: A file, a text that it has once, and what stands there instead.
        then: The same for the pin with the edits made that fit; None for the same texts.
        unfit: The rules that do not fit, with what is said of each.
        done: The rules that are applied from the start.
    """

    swaps: tuple[Swap, ...]
    then: tuple[Swap, ...] | None = None
    unfit: Mapping[str, str] = field(default_factory=dict)
    done: Collection[str] = ()

    def before(self, pin: Path) -> Files:
        """The pin with the change."""
        return swapped(read(pin), self.swaps)

    def after(self, pin: Path) -> Files:
        """What the edits are to leave: those of the pin that fit, and the change."""
        edited = edited_pin(pin, ALL - frozenset(self.unfit))
        return swapped(edited, self.swaps if self.then is None else self.then)


def swapped(files: Files, swaps: Iterable[Swap]) -> Files:
    """The files with texts in place of others, each of which must be there once."""
    found = dict(files)
    for path, old, new in swaps:
        text = found[path].decode()
        assert text.count(old) == 1, (path, old, text.count(old))
        found[path] = text.replace(old, new).encode()
    return found


def read(tree: Path) -> Files:
    """The code of a tree."""
    files = sorted((tree / "efficientdet").rglob("*.py"))
    return {file.relative_to(tree).as_posix(): file.read_bytes() for file in files}


@cache
def edited_pin(pin: Path, ids: frozenset[str]) -> Files:
    """The pin with the edits of some rules."""
    files = read(pin)
    plan = engine.plan([DOCUMENTED], files, ids)
    return {**files, **{file.path: file.after for file in plan.files}}


def asked(path: str, before: str, after: str, test: str = "hvd is not None") -> Drift:
    """A change around a question; it stands for `{}` in the texts, before and after the edit."""
    swaps, then = (
        ((path, before.format(each), after.format(each)),) for each in (test, "horovod_enabled()")
    )
    return Drift(swaps, then)


def refused(path: str, old: str, new: str, **unfit: str) -> Drift:
    """A change with which rules do not fit; their ids have underscores for the hyphens."""
    return Drift(((path, old, new),), unfit=_ids(unfit))


def _ids(unfit: Mapping[str, str]) -> Mapping[str, str]:
    return {"-".join(name.rsplit("_", 1)): why for name, why in unfit.items()}
