"""The secrets of an address, and texts without them."""

import sys

import pytest

from patcher.errors import ErrorList, PatchError, masked
from patcher.training.credentials import secrets_of
from tests.commands import process


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("https://user:token@host/simple", "https://****@host/simple", id="both"),
        pytest.param("see https://token@host, or not", "see https://****@host, or not", id="one"),
        pytest.param("https://u%40x:t%2Fo@host:8/", "https://****@host:8/", id="encoded signs"),
        pytest.param("https://u:to@ken@host/", "https://****@host/", id="a sign not encoded"),
        pytest.param("https://u:to/ken@host/x", "https://****@host/x", id="a slash not encoded"),
        pytest.param("https://u%3Atoken%40host/", "https://****%40host/", id="encoded by mistake"),
        pytest.param("git+https://u:t@h/x@v1", "git+https://****@h/x@v1", id="a longer scheme"),
        pytest.param("http://u:t@a, http://u:t@b", "http://****@a, http://****@b", id="two"),
        pytest.param(
            "?next=https%3A%2F%2Fu%3At%40host%2F", "?next=https%3A%2F%2F****%40host%2F", id="inside"
        ),
        pytest.param(
            "https%253a%252f%252fu%253At%2540host", "https%253a%252f%252f****%2540host", id="twice"
        ),
        pytest.param("https://h/s?a=1&token=t&b=2", "https://h/s?a=1&token=****&b=2", id="a query"),
        pytest.param("http://host:8080/a@b", "http://host:8080/a@b", id="a port"),
        pytest.param("https://host/@user", "https://host/@user", id="a path"),
        pytest.param("me@host.org and 100 %", "me@host.org and 100 %", id="no address"),
    ],
)
def test_no_text_shows_what_stands_before_a_host(text: str, shown: str) -> None:
    assert masked(text) == shown
    errors = [PatchError(text, text, text, text), PatchError("place")]
    assert str(errors[0]) == f"{shown}: {shown}, expected {shown}; {shown}"
    assert str(ErrorList(errors)).startswith(f"{shown}: ")


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("https://user:t%2Foken@host", {"t%2Foken", "t/oken", "t%252Foken"}),
        ("https://token@host", {"token"}),
        ("https://token:x@host", {"token"}),
        ("https://host/simple?api_key=token", {"token"}),
        ("https://host/simple", set()),
        ("https://host/npm/@scope/simple", set()),
        ("file:///home/me@work/wheels", set()),
        ("https://a:b@host/simple", set()),
    ],
)
def test_a_secret_is_not_shown_by_itself(url: str, secrets: set[str]) -> None:
    assert secrets_of([url]) == secrets
    for secret in secrets:
        assert masked(f"rejected {secret}!", secrets) == "rejected ****!"


@pytest.mark.parametrize("text", ["'?' * 200_000", "'://:x' * 20_000", "'://' + 'a:' * 100_000"])
def test_a_long_text_is_soon_looked_through(text: str) -> None:
    """A stranger's pack can bring one. Before, the last took minutes."""
    code = f"from patcher.errors import masked; assert masked({text}) == {text}"
    done = process(sys.executable, "-c", code, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
