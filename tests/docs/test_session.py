"""The recorded session of the README."""

import pytest

from docs.generate import session


@pytest.fixture(scope="module")
def recorded() -> str:
    return session.session()


def test_the_session_is_what_the_commands_print_now(recorded: str) -> None:
    written = session.FILE.read_text("utf-8")
    assert session.texts(written) == session.texts(recorded), "python -m docs.generate.session"


def test_the_session_names_no_address_and_no_folder_of_the_machine(recorded: str) -> None:
    named = recorded.replace("http://www.w3.org/2000/svg", "")
    assert [each for each in ("http", "url(//", "@font-face", "/tmp") if each in named] == []
    assert str(session.ROOT) not in named


def test_the_session_has_each_command_and_fits_a_page(recorded: str) -> None:
    texts = session.texts(recorded)
    assert [each for each in texts if each.startswith("effpatch ")] == [*session.COMMANDS]
    assert recorded.count('<clipPath id="session-line-') < 50


def test_a_stale_session_is_named(monkeypatch: pytest.MonkeyPatch, recorded: str) -> None:
    monkeypatch.setattr(session, "session", lambda: recorded.replace("holds", "fails"))
    with pytest.raises(SystemExit) as caught:
        session.main(["--check"])
    assert caught.value.code == ("docs/session.svg: stale; run `python -m docs.generate.session`")
