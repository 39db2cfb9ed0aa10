"""The pictures of the review page, light and dark: of the miniature's, in a real browser.

`python -m docs.generate.picture` writes docs/review.png and docs/review-dark.png. It needs
Chromium. No test compares the pictures with the page: another version of the browser, or other
fonts, draw other pixels.
"""

import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parents[1]
PICTURES: dict[str, Literal["light", "dark"]] = {"review.png": "light", "review-dark.png": "dark"}
RULE = "main-11"
WIDTH, HEIGHT, SCALE = 1180, 578, 2
COLOURS = 128  # which make a picture a third as large, and leave its text as it was
LARGEST = 250_000


def page(folder: Path) -> Path:
    """The review page of the miniature, made in a folder."""
    file = folder / "review.html"
    tree = shutil.copytree(FOLDER.parent / "vendor" / "miniature", folder / "miniature")
    words = [sys.executable, "-m", "patcher", "review", str(tree), "-o", str(file)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return file


def picture(browser: Browser, file: Path, look: Literal["light", "dark"]) -> bytes:
    """A page from a rule on, in one of its looks, as PNG."""
    opened = browser.new_page(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE, color_scheme=look
    )
    opened.goto(f"{file.as_uri()}#{RULE}")
    opened.wait_for_function(f"document.activeElement.id === '{RULE}'")
    drawn = Image.open(BytesIO(opened.screenshot()))
    opened.close()
    content = BytesIO()
    few = drawn.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(content, "PNG", optimize=True)
    return content.getvalue()


def main() -> None:
    """Write both pictures."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        sys.exit("chromium: not found; install it, as by `apt-get install chromium`")
    with TemporaryDirectory(prefix="effpatch-picture-") as name, sync_playwright() as playwright:
        file = page(Path(name))
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, look in PICTURES.items():
            content = picture(browser, file, look)
            if len(content) > LARGEST:
                sys.exit(f"{name}: {len(content)} bytes, expected {LARGEST} at most; lower COLOURS")
            (FOLDER / name).write_bytes(content)
        browser.close()


if __name__ == "__main__":
    main()
