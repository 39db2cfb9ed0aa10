"""Ctrl-C: the first one stops the command, and more of them do not disturb how it ends."""

import signal


def raise_once(*_: object) -> None:
    """Raise KeyboardInterrupt for a signal, and ignore the signal from then on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def is_one(error: BaseException) -> bool:
    """Whether an error is a Ctrl-C, or came of one: some code turns it into another error."""
    known = error.__cause__ or error.__context__
    return isinstance(error, KeyboardInterrupt) or (known is not None and is_one(known))


def heed_first() -> None:
    """Have the first Ctrl-C raise KeyboardInterrupt, unless it is ignored, as under nohup."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, raise_once)


def heed_next() -> None:
    """Have the next Ctrl-C raise KeyboardInterrupt, as one was lost in a destructor."""
    signal.signal(signal.SIGINT, raise_once)


def heed_none() -> None:
    """Ignore Ctrl-C, as when there is nothing left to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
