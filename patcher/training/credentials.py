"""What must not be shown of the addresses that pip is given, even where it stands alone."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

from patcher.errors import USER_INFO, secrets_in_query

_SHORTEST = 4  # characters; anything shorter stands in too many words


def secrets_of(urls: Iterable[str]) -> frozenset[str]:
    """The secrets in some URLs, each in every way to write it.

    That is a password, or the user name where there is no other; and what a query gives as such.
    """
    parts = {part for url in urls for part in _parts(url)}
    plain = parts | {unquote(part) for part in parts}
    forms = plain | {quote(part, safe="") for part in plain}
    return frozenset(form for form in forms if len(form) >= _SHORTEST)


def _parts(url: str) -> Iterator[str]:
    found = USER_INFO.search(url)
    if found and not url.startswith("file:"):
        user, _, password = url[found.end(1) : found.start(2)].partition(":")
        yield password
        if len(password) < _SHORTEST:  # as in `token@host` and `token:x@host`
            yield user
    yield from secrets_in_query(url)
