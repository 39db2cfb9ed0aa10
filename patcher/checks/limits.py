"""What evaluating the code of a tree may cost."""

from dataclasses import dataclass

from patcher.checks.refusals import Excess

# The largest of each that code of a tree may make while it is tried.
BITS = 128  # of an integer
ITEMS = 10_000  # of a sequence, or characters of a string
NUMBERS = 1 << 18  # of an array
RANK = 32  # dimensions of an array
DEPTH = 60  # of expressions, statements and sequences in one another


@dataclass(slots=True)
class Meter:
    """What all trials of one form may still cost together.

    Attributes:
        steps: Nodes to evaluate, and items to go through.
        numbers: Numbers to put into arrays.
    """

    steps: int = 200_000
    numbers: int = 1 << 21

    def step(self, count: int = 1) -> None:
        """Take some steps.

        Raises:
            Excess: There are not so many left.
        """
        self.steps -= count
        if self.steps < 0:
            raise Excess("takes too many steps")

    def fill(self, count: int) -> None:
        """Put some numbers into an array.

        Raises:
            Excess: There are not so many left.
        """
        self.numbers -= count
        if self.numbers < 0:
            raise Excess("makes too many numbers of arrays")


def require_bits(count: float) -> None:
    """Refuse an integer of more than `BITS`."""
    _require("an integer", count, BITS, "bits")


def require_items(count: float) -> None:
    """Refuse a sequence of more than `ITEMS`."""
    _require("a sequence", count, ITEMS, "items")


def require_numbers(count: float) -> None:
    """Refuse an array of more than `NUMBERS`."""
    _require("an array", count, NUMBERS, "numbers")


def require_rank(count: float) -> None:
    """Refuse an array of more dimensions than `RANK`."""
    _require("an array", count, RANK, "dimensions")


def _require(what: str, count: float, largest: int, unit: str) -> None:
    if count > largest:
        raise Excess(f"makes {what} of more than {largest:,} {unit}")
