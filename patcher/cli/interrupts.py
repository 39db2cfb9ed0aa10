"""Ctrl-C: the first one stops the command, and more of them do not disturb how it ends."""

import signal


def raise_once(*_: object) -> None:
    """Raise KeyboardInterrupt for a signal, and ignore the signal from then on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def is_one(error: BaseException) -> bool:
    """Whether an error is a Ctrl-C, or came of one: some code turns it into another error."""
    seen, waiting = set[int](), list[BaseException | None]([error])
    while waiting:
        each = waiting.pop()
        if isinstance(each, KeyboardInterrupt):
            return True
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            waiting += [each.__cause__, each.__context__]
    return False


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
