import pytest

from patcher.document import document
from patcher.document.numbering import comparable, numbers_of

NUMBERED = "1. Added\n\n   ```\n   one()\n   ```\n\n"
PLAIN = "* Added\n  ```\n  one()\n  ```\n* Removed\n  ```\n  two()\n  ```\n"


def numbers(text: str) -> list[list[int]]:
    return [[item.rule for item in part.items] for part in comparable(document.parse(text))]


def test_items_without_numbers_are_counted_below_each_heading() -> None:
    text = f"# a.py\n{PLAIN}# b.py\n* Added flags\n{PLAIN}# a.py\n{PLAIN}"
    assert numbers(text) == [[1, 2], [1, 2], [3, 4]]


def test_written_numbers_stay_and_parts_without_any_or_a_file_are_left_out() -> None:
    text = f"# a.py\n{NUMBERED}3. Added more\n\n```\nlost()\n```\n# {{}}\n{PLAIN}"
    assert numbers(text.format("Notes")) == [[1, 3]]
    assert numbers(text.format("b.py")) == [[1, 3], [1, 2]]


def test_items_are_counted_where_a_heading_comes_again() -> None:
    one = "1. Added `f(1)`\n2. Added `g(1)`\n"
    assert numbers(f"# a.py\n{one}# b.py\n{one}# a.py\n{one}") == [[1, 2], [1, 2], [3, 4]]
    assert numbers(f"# a.py\n{one}# b.py\n{one}# a.py\n3. Added `h(1)`\n")[2] == [3]
    assert numbers(f"# a.py\n{one}2. Added `h(1)`\n") == [[1, 2, 3]]


def test_items_that_all_have_one_number_are_counted() -> None:
    one = "1. Added `f(1)`\n1. Added `g(1)`\n"
    assert numbers(f"# a.py\n{one}# b.py\n1. Added `f(1)`\n") == [[1, 2], [1]]


def test_each_file_has_its_own_numbers_below_a_heading_that_comes_again() -> None:
    text = f"# a.py\n## New\n{PLAIN}# b.py\n## New\n{PLAIN}"
    assert numbers(text) == [[1, 2], [1, 2]]


@pytest.mark.parametrize(
    "text",
    [
        f"# a.py\n{PLAIN}",
        f"# a.py\n* Added flags\n* About flags\n{PLAIN}",
        f"# a.py\n{NUMBERED}3. Added more\n\n```\nlost()\n```\n",
        f"# a.py\n2. About flags\n{NUMBERED}4. Added `f(1)`\n",
        "# a.py\n1. Added `f(1)`\n1. Added `g(1)`\n",
    ],
)
def test_a_rule_has_the_number_that_its_item_is_compared_by(text: str) -> None:
    parts = document.parse(text)
    drafted = zip(parts[0].items, numbers_of(parts[0].items), strict=True)
    by_line = {item.line: number for item, number in drafted}
    (part,) = comparable(parts)
    assert [by_line[item.line] for item in part.items] == [item.rule for item in part.items]
    assert len({*by_line.values()}) == len(by_line)


def test_quotes_are_compared_as_they_are_written() -> None:
    wrapped = "1. Added\n\n   ```\n     def f():\n       ..\n       one()\n   ```\n"
    (part,) = comparable(document.parse(wrapped))
    assert part.items[0].after == "  def f():\n    ..\n    one()\n"
