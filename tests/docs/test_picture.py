"""The pictures of the review page in the README."""

from io import BytesIO
from pathlib import Path

import pytest

from tests.report.browser import browser

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")

from docs.generate import picture  # noqa: E402  (which needs Pillow)

SIZE = (picture.WIDTH * picture.SCALE, picture.HEIGHT * picture.SCALE)
PAGE = f"""
    <style>
        body {{ background: linear-gradient(red, blue) }}
        @media (prefers-color-scheme: dark) {{ body {{ background: black }} }}
    </style>
    <p id="{picture.RULE}" tabindex="-1">A rule</p>
    <script>document.getElementById("{picture.RULE}").focus()</script>
"""


@pytest.mark.parametrize("name", picture.PICTURES)
def test_the_pictures_are_sharp_and_small(name: str) -> None:
    content = (picture.FOLDER / name).read_bytes()
    assert len(content) <= picture.LARGEST
    assert Image.open(BytesIO(content)).size == SIZE


def test_a_page_is_drawn_in_both_looks_with_few_colours(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE)
    with browser() as chromium:
        contents = [picture.picture(chromium, file, look) for look in picture.PICTURES.values()]
    light, dark = (Image.open(BytesIO(content)) for content in contents)
    assert light.size == dark.size == SIZE
    assert 2 < len(light.getcolors()) <= picture.COLOURS
    assert dark.convert("RGB").getpixel((0, 0)) == (0, 0, 0)
