from patcher.document import document
from patcher.document.numbering import comparable

NUMBERED = "1. Added\n\n   ```\n   one()\n   ```\n\n"
PLAIN = "* Added\n  ```\n  one()\n  ```\n* Removed\n  ```\n  two()\n  ```\n"


def numbers(text: str) -> list[list[int | None]]:
    return [[item.number for item in part.items] for part in comparable(document.parse(text))]


def test_items_without_numbers_are_counted_below_each_heading() -> None:
    text = f"# a.py\n{PLAIN}# b.py\n* Added flags\n{PLAIN}# a.py\n{PLAIN}"
    assert numbers(text) == [[1, 2], [1, 2], [3, 4]]


def test_written_numbers_stay_and_parts_without_any_are_left_out() -> None:
    text = f"# a.py\n{NUMBERED}3. Added more\n\n```\nlost()\n```\n# b.py\n{PLAIN}"
    assert numbers(text) == [[1, 3]]


def test_quotes_are_compared_as_they_are_written() -> None:
    wrapped = "1. Added\n\n   ```\n     def f():\n       ..\n       one()\n   ```\n"
    (part,) = comparable(document.parse(wrapped))
    assert part.items[0].after == "  def f():\n    ..\n    one()\n"
