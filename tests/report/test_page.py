"""The page of `review`, in a real browser."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.commands import run
from tests.counts import FILES, RULES
from tests.report.browser import Opened, browser

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "no script": {"java_script_enabled": False},
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def review(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page made of the pin."""
    file = tmp_path_factory.mktemp("page") / "review.html"
    result = run("review", pristine, "-o", file)
    assert (result.exit_code, result.stdout) == (0, f"{file}: {RULES} rules, {RULES} pending\n")
    assert file.stat().st_size < 1_000_000
    return file


@pytest.fixture
def opened(chromium: Browser, review: Path) -> Iterator[Opened]:
    """The page, which has to do without faults and without any request."""
    found = Opened(chromium, review, accept_downloads=True)
    yield found
    assert found.faults == []
    assert {url.partition("#")[0] for url in found.requests if not url.startswith("blob:")} == {
        review.as_uri()
    }
    found.context.close()


def test_every_rule_is_there_with_its_reason(opened: Opened) -> None:
    assert len(opened.rules()) == RULES
    assert opened.page.locator("section.part").count() == FILES
    assert opened.page.locator("nav li").count() == RULES
    rule = opened.page.locator("[id='main-11']")
    assert "A one-card run must not divide its steps" in rule.inner_text()
    assert rule.locator("h4", has_text="Quote").count() == 2


def test_a_rule_is_found_with_exactly_its_lines(opened: Opened) -> None:
    opened.page.select_option("#rule", "main-11")
    assert opened.rules() == ["main-11"]
    assert opened.page.inner_text("#count") == f"1 of {RULES} rules"
    rule = opened.page.locator("[id='main-11']")
    removed = rule.locator(".change .l:not(.none) code").all_inner_texts()
    added = rule.locator(".change .r:not(.none) code").all_inner_texts()
    assert [line.strip() for line in removed] == ["if hvd is not None:"]
    assert [line.strip() for line in added] == [
        *("if horovod_enabled():", "else:", "num_shards = 1"),
    ]


def test_filters_go_together(opened: Opened) -> None:
    opened.page.select_option("#file", label="efficientdet/utils.py")
    assert opened.rules() == ["utils-1"]
    opened.page.select_option("#state", "open")
    assert opened.rules() == ["utils-1"]
    opened.page.fill("#text", "no such text")
    assert opened.rules() == []
    assert opened.page.inner_text("#count") == f"0 of {RULES} rules"
    opened.page.select_option("#file", "")
    opened.page.fill("#text", "MUST NOT DIVIDE")
    assert opened.rules() == ["main-11"]


def test_side_by_side(opened: Opened) -> None:
    old, new = (opened.page.locator(f"[id='main-11'] .change .{side}").first for side in "lr")
    above, below = old.bounding_box(), new.bounding_box()
    assert above
    assert below
    assert (above["x"], above["y"] < below["y"]) == (below["x"], True)
    opened.page.check("#split")
    left, right = old.bounding_box(), new.bounding_box()
    assert left
    assert right
    assert (left["x"] < right["x"], left["y"]) == (True, right["y"])


def test_numbers_are_those_of_each_side(opened: Opened, pristine: Path) -> None:
    """Also of lines that no rule changes, which have moved."""
    before = (pristine / "efficientdet/main.py").read_text("utf-8").split("\n")
    opened.page.check("#split")
    rows = opened.page.locator("[id='main-12'] .same .l")
    assert rows.count() > 3
    for row in rows.all():
        number = row.locator("b").inner_text()
        text = row.locator("code").inner_text()
        # Other rules have made those that have none.
        assert not number or before[int(number) - 1].rstrip() == text.rstrip()
    assert [row.locator("b").inner_text() for row in rows.all()].count("") < rows.count()


def reload_until(opened: Opened, holds: Callable[[], bool]) -> None:
    """Load the page again; what it has just written takes a moment to be there."""
    for _ in range(100):
        opened.page.reload()
        if holds():
            return
    pytest.fail("what was written is not there")


def test_ticks_and_notes_stay(opened: Opened) -> None:
    rule = opened.page.locator("[id='main-11']")
    rule.locator(".done").check()
    rule.locator("textarea").fill("Is that so?")
    reload_until(opened, lambda: rule.locator("textarea").input_value() == "Is that so?")
    assert rule.locator(".done").is_checked()
    assert opened.page.locator(".reviewed").count() == 2  # in the list of rules as well
    opened.page.select_option("#state", "open")
    assert "main-11" not in opened.rules()


def test_notes_are_saved_and_loaded(opened: Opened, chromium: Browser, tmp_path: Path) -> None:
    rule = opened.page.locator("[id='hooks-2']")
    rule.locator(".done").check()
    rule.locator("textarea").fill("Seen.")
    with opened.page.expect_download() as download:
        opened.page.click("#save")
    file = tmp_path / "notes.json"
    download.value.save_as(file)
    assert json.loads(file.read_text())["rules"] == {"hooks-2": {"done": True, "note": "Seen."}}
    other = Opened(chromium, opened.file)
    other.page.set_input_files("#notes", file)
    other.page.get_by_text("Loaded notes").wait_for()
    assert other.page.inner_text("#said") == "Loaded notes on 1 rule."
    assert other.page.locator("[id='hooks-2'] .done").is_checked()
    file.write_text('{"rules": [1]}')
    other.page.set_input_files("#notes", file)
    other.page.get_by_text("holds no notes").wait_for()
    assert other.page.locator("[id='hooks-2'] .done").is_checked()
    other.page.fill("[id='hooks-2'] textarea", "Mine.")
    file.write_text('{"rules": {"hooks-2": {"note": "Theirs."}, "hooks-1": null, "x": {}}}')
    other.page.set_input_files("#notes", file)
    other.page.get_by_text("2 more").wait_for()
    assert other.page.input_value("[id='hooks-2'] textarea") == "Mine.\nTheirs."
    assert other.faults == []


def test_two_tabs_keep_what_each_of_them_says(opened: Opened) -> None:
    other = opened.context.new_page()
    other.goto(opened.url())
    opened.page.fill("[id='main-1'] textarea", "one")
    other.fill("[id='main-2'] textarea", "two")
    notes = [opened.page.locator(f"[id='main-{item}'] textarea") for item in (1, 2)]
    reload_until(opened, lambda: [note.input_value() for note in notes] == ["one", "two"])


def test_spoilt_notes_are_no_notes(opened: Opened) -> None:
    rule = opened.page.locator("[id='main-1'] .done")
    for kept in ("5", "[]", '"x"', "{", '{"main-1": 5}'):
        opened.page.evaluate(
            "kept => localStorage.setItem('effpatch-review:' + document.body.dataset.key, kept)",
            kept,
        )
        reload_until(opened, lambda: not rule.is_checked())
        rule.check()
        reload_until(opened, rule.is_checked)


def test_links_can_be_sent(opened: Opened) -> None:
    opened.page.goto(opened.url("#main-11"))
    rule = opened.page.locator("[id='main-11']")
    opened.page.wait_for_function("document.activeElement.id === 'main-11'")
    place = rule.bounding_box()
    assert place
    assert 0 <= place["y"] < 300
    for filtered in ({"rule": "hooks-1"}, {"file": "0"}, {"text": "nothing"}):
        ((name, value),) = filtered.items()
        control = opened.page.locator(f"#{name}")
        control.fill(value) if name == "text" else control.select_option(value)
        opened.page.evaluate("location.hash = '#main-12'")
        opened.page.wait_for_function("document.activeElement.id === 'main-12'")
        assert len(opened.rules()) == RULES  # what hid it is taken back
        opened.page.evaluate("location.hash = '#main-11'")
    opened.page.locator("[id='main-12'] .done").check()
    opened.page.select_option("#state", "open")
    opened.page.evaluate("location.hash = '#main-12'")
    opened.page.wait_for_function("document.activeElement.id === 'main-12'")
    opened.page.goto(opened.url("#rules"))  # of no rule, and no fault


def test_keys_go_from_rule_to_rule(opened: Opened) -> None:
    def now() -> str:
        return str(opened.page.evaluate("document.activeElement.id"))

    opened.page.keyboard.press("j")
    assert now() == "dataloader-1"
    opened.page.keyboard.press("j")
    assert now() == "dataloader-2"
    opened.page.keyboard.press("x")
    assert opened.page.locator("[id='dataloader-2'] .done").is_checked()
    opened.page.keyboard.press("k")
    assert now() == "dataloader-1"
    opened.page.keyboard.press("s")
    assert opened.page.locator("#split").is_checked()
    opened.page.locator("[id='main-5'] textarea").click()
    opened.page.keyboard.type("x")
    opened.page.keyboard.press("Escape")
    opened.page.keyboard.press("x")
    assert opened.page.locator("[id='main-5'] .done").is_checked()
    opened.page.keyboard.press("/")
    opened.page.keyboard.type("jj")
    assert opened.page.input_value("#text") == "jj"


def test_rules_in_the_order_of_the_file(opened: Opened) -> None:
    opened.page.select_option("#order", "file")
    found = [each for each in opened.rules() if each.startswith("main-")]
    assert found != sorted(found, key=lambda id_: int(id_[5:]))
    lines = [int(str(opened.page.get_attribute(f"[id='{each}']", "data-line"))) for each in found]
    assert lines == sorted(lines)
    opened.page.select_option("#order", "item")
    found = [each for each in opened.rules() if each.startswith("main-")]
    assert found == sorted(found, key=lambda id_: int(id_[5:]))


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_in_the_way_of_readers(look: str, chromium: Browser, review: Path) -> None:
    """Names, contrast and structure, by axe; and no page wider than its window."""
    opened = Opened(chromium, review, **LOOKS[look])
    width = opened.page.viewport_size
    assert width
    assert "A one-card run must not divide its steps" in opened.page.inner_text("main")
    if look == "no script":
        assert not opened.page.locator("form.bar").is_visible()
        opened.page.check("#split")
        assert opened.page.locator("[id='main-11'] .change .l").first.is_visible()
        return
    assert opened.page.evaluate("document.scrollingElement.scrollWidth") <= width["width"]
    for split in (False, True):
        opened.page.set_checked("#split", split)
        found = Axe().run(opened.page).response["violations"]
        assert [(each["id"], each["impact"], len(each["nodes"])) for each in found] == []
    if folder := os.environ.get("EFFPATCH_SCREENSHOTS"):
        opened.page.screenshot(path=f"{folder}/review-{look}.png")


def test_a_printed_page_has_the_rules_and_no_controls(opened: Opened) -> None:
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("form.bar").is_visible()
    assert not opened.page.locator("nav").is_visible()
    assert opened.page.locator("[id='main-11'] .hunks").is_visible()
    assert opened.page.pdf().startswith(b"%PDF")
    assert not opened.page.locator("[id='main-11'] .note").is_visible(), "there is none"
    opened.page.emulate_media(media="screen")
    opened.page.fill("[id='main-11'] textarea", "line\n" * 12)
    opened.page.select_option("#rule", "main-11")
    opened.page.emulate_media(media="print")
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    note = opened.page.locator("[id='main-11'] textarea")
    assert note.evaluate("area => area.clientHeight >= area.scrollHeight")
    assert opened.page.inner_text("#partly") == f"Only 1 of {RULES} rules are printed."
