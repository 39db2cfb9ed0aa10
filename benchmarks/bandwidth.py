"""What bandwidth the gradients of a model want, on paper.

A ring allreduce of B bytes over N workers has each of them send 2 (N - 1) / N B bytes, and receive
as many: an N-th of the tensor at a time, N - 1 times to add them up and N - 1 times to hand the
sums round. Nothing of it overlaps with anything else here.
"""

from __future__ import annotations

SHARE = 0.1  # of a step, for allreduce


def ring(size: float, workers: int) -> float:
    """The bytes that each worker sends in a ring allreduce of so many."""
    return 2 * (workers - 1) / workers * size


def wanted(size: float, workers: int, seconds: float, share: float = SHARE) -> float:
    """The bandwidth of each worker, bytes per second, with which allreduce is a share of a step.

    Args:
        size: Bytes that are reduced in a step.
        workers: How many there are.
        seconds: What a step takes without allreduce.
        share: The part of the whole step, allreduce included.
    """
    return ring(size, workers) / (seconds * share / (1 - share))


def left(seconds: float, rounds: int, share: float = SHARE) -> float:
    """The seconds that each of some rounds may take, one after another, to be a share of a step."""
    return seconds * share / (1 - share) / rounds
