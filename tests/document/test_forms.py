"""The forms that change documents have, each by a document about a small mail program."""

from textwrap import dedent
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patcher.document import document
from patcher.document.document import Item, Part


def items(text: str) -> list[Item]:
    return [item for part in document.parse(dedent(text)) for item in part.items]


def item(text: str) -> Item:
    (only,) = items(text)
    return only


def quotes(text: str) -> tuple[str, str, str]:
    read = item(text)
    return read.verb, read.before, read.after


PLAIN = """\
# Changes of the mailer

## send.py
Added
```python
import ssl
```

For encrypted mail

Changed:
```python
server = smtplib.SMTP(host)
```
to:
```python
server = smtplib.SMTP_SSL(host, context=ssl.create_default_context())
```
because plain text is refused.
Removed
```python
server.set_debuglevel(1)
```
"""


def test_plain_paragraphs_without_numbers() -> None:
    added, changed, removed = items(PLAIN)
    assert (added.verb, added.line, added.after) == ("Added", 4, "import ssl\n")
    assert added.prose == "For encrypted mail"
    assert (changed.verb, changed.line, changed.number) == ("Changed", 11, None)
    assert changed.before == "server = smtplib.SMTP(host)\n"
    assert changed.prose == "because plain text is refused."
    assert (removed.verb, removed.before, removed.after) == (
        "Removed",
        "server.set_debuglevel(1)\n",
        "",
    )


@pytest.mark.parametrize(
    "between",
    [
        "to",
        "to:",
        "with",
        "With:",
        "into",
        "by",
        "was replaced by",
        "to the following:",
        "->",
        "now:",
        "for",
    ],
)
def test_the_words_between_two_quotes(between: str) -> None:
    text = f"Changed\n```\nold()\n```\n{between}\n```\nnew()\n```\n"
    assert quotes(text) == ("Changed", "old()\n", "new()\n")


@pytest.mark.parametrize(
    ("opening", "verb"),
    [
        ("Changed", "Changed"),
        ("Changed:", "Changed"),
        ("Changed from:", "Changed"),
        ("* Changed", "Changed"),
        ("- Replaced", "Changed"),
        ("* Swapped out", "Changed"),
        ("and changed:", "Changed"),
        ("* In `send()` changed:", "Changed"),
        ("* Added support of proxies by changing:", "Changed"),
        ("Changed the server in:", "Changed"),
    ],
)
def test_the_openings_of_a_change(opening: str, verb: str) -> None:
    text = f"{opening}\n```python\nold()\n```\nto\n```python\nnew()\n```\n"
    assert quotes(text) == (verb, "old()\n", "new()\n")


@pytest.mark.parametrize(
    "verb", ["Added", "Added:", "Introduced", "* Inserted", "Added for proxies"]
)
def test_the_openings_of_an_addition(verb: str) -> None:
    assert quotes(f"{verb}\n```\nnew()\n```\n") == ("Added", "", "new()\n")


@pytest.mark.parametrize("verb", ["Removed", "Deleted:", "* Dropped", "Removed the old call:"])
def test_the_openings_of_a_removal(verb: str) -> None:
    assert quotes(f"{verb}\n```\nold()\n```\n") == ("Removed", "old()\n", "")


def test_what_is_changed_to_one_quote_is_the_code_afterwards() -> None:
    read = item("* In function `send` changed to:\n  ```\n  new()\n  ```\nto be safe.\n")
    assert (read.verb, read.before, read.after) == ("Changed", "", "new()\n")
    assert (read.scope, read.prose) == (("send",), "to be safe.")


def test_one_quote_is_the_code_before_only_where_another_follows() -> None:
    assert quotes("Changed\n```\nx = 1\n```\n") == ("Changed", "", "x = 1\n")


def test_inline_code() -> None:
    read = item("* Changed `timeout=10` to `timeout=60` for slow hosts.\n")
    assert (read.before, read.after) == ("timeout=10\n", "timeout=60\n")
    assert read.prose == "for slow hosts."
    assert quotes("Replaced ``a()`` with ``b()``\n") == ("Changed", "a()\n", "b()\n")
    assert quotes("Changed\n`a()`\nto\n`b()`\n") == ("Changed", "a()\n", "b()\n")
    assert quotes("* Added\n\n`import ssl`\n") == ("Added", "", "import ssl\n")
    assert quotes("* Added the import `import ssl`\n") == ("Added", "", "import ssl\n")


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("In `send`, changed", id="code"),
        pytest.param("In `send`: changed", id="a-colon"),
        pytest.param("Inside the function `send()`, we changed", id="called-a-function"),
        pytest.param("In send() changed", id="no-quotes"),
    ],
)
@pytest.mark.parametrize("mark", ["1. ", "* ", ""])
def test_inline_code_behind_the_place(mark: str, place: str) -> None:
    read = item(f"{mark}{place} `timeout=10` to `timeout=60`. Hosts are slow.\n")
    assert (read.verb, read.before, read.after) == ("Changed", "timeout=10\n", "timeout=60\n")
    assert read.scope == ("send",)
    assert read.prose == "Hosts are slow."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("* Added `RetryHook`", id="a-name"),
        pytest.param("* Added flags --retry", id="no-code"),
        pytest.param("* Changed `retries` from `1` to `3`", id="what-is-changed-is-named-first"),
        pytest.param("* Added `--retry=3`", id="an-option"),
    ],
)
def test_what_quotes_no_code_is_said_and_not_guessed(text: str) -> None:
    read = item(text)
    assert not read.has_code
    assert read.prose == text[2:].replace("`", "")


def test_prose_only() -> None:
    text = """\
        # Changes

        ## Summary
        1. Added encryption

        ## send.py
        * Added encryption:
           * Certificates are checked
           * Removed the old flag
        * Works behind a proxy
        """
    assert [(each.line, each.prose) for each in items(text)] == [
        (8, "Certificates are checked"),
        (9, "Removed the old flag"),
        (10, "Works behind a proxy"),
    ]


def test_bullets_with_cut_quotes() -> None:
    read = item("""\
        * Changed the retries:
          ```python
          def retry(host,
                    (...)
                    times=3)
          ```
          to
          ```python
          def retry(host, …
                    times=5)
          connect(host, ...) ..
          ...close()
          ```
        """)
    assert read.before == "def retry(host,\n          ...\n          times=3)\n"
    assert read.after == (
        "def retry(host,\n...\n          times=5)\nconnect(host, ...)\n...\n...\nclose()\n"
    )
    assert read.prose == "Changed the retries"


def test_dots_that_are_code_are_left() -> None:
    code = "x: int = ...\ndef stub(): ...\ny = z[..., 0]\n# and so on ...\n"
    assert item(f"Added\n```\n{code}```\n").after == code


@pytest.mark.parametrize("cut", ["...", "..", "…", "(...)", "# ..."])
def test_quotes_in_the_function_that_holds_them(cut: str) -> None:
    read = item(f"""\
        Changed:
        ```python
          def main(_):
            {cut}
            if proxy:
              connect(proxy)
        ```
        to:
        ```python
          def main(_):
            {cut}
            if proxy and not local:
              connect(proxy)
        ```
        """)
    assert read.before == "if proxy:\n  connect(proxy)\n"
    assert read.after == "if proxy and not local:\n  connect(proxy)\n"
    assert read.scope == ("main",)


def test_quotes_in_a_method_with_a_long_header_and_a_docstring() -> None:
    read = item('''\
        Added
        ```python
        class Mailer(Base):
          ...
          def send(self, host,
                   port=25):  # noqa
            """Send all.

            At once.
            """
            ...
            self.log(host)
        ```
        ''')
    assert (read.after, read.scope) == ("self.log(host)\n", ("Mailer.send",))


def test_a_function_that_is_changed_itself_is_no_wrapper() -> None:
    text = "Changed\n```\ndef f(a):\n  ...\n  go(a)\n```\nto\n```\ndef f(b):\n  ...\n  go(b)\n```\n"
    read = item(text)
    assert (read.before, read.scope) == ("def f(a):\n  ...\n  go(a)\n", ("f",))
    whole = item("Added\n```\ndef f(a):\n  go(a)\n```\n")
    assert (whole.after, whole.scope) == ("def f(a):\n  go(a)\n", ())


@pytest.mark.parametrize(
    ("place", "scope"),
    [
        ("In send_all function", "send_all"),
        ("Inside def main(_) function", "main"),
        ("In `main()`", "main"),
        ("In function `main`", "main"),
        ("In the `Mailer` class", "Mailer"),
        ("In Mailer::send", "Mailer.send"),
        ("Inside method send", "send"),
    ],
)
def test_where_the_text_says_an_edit_is(place: str, scope: str) -> None:
    read = item(f"{place}\nAdded:\n```\nnew()\n```\n")
    assert (read.scope, read.prose) == ((scope,), "" if place[2:3] != "M" else read.prose)


@pytest.mark.parametrize(
    "reason",
    ["In call to send()", "To call to super(A, self).__init__()", "In `send.py`", "Into the log"],
)
def test_what_is_no_place(reason: str) -> None:
    assert item(f"1. Added\n\n   ```\n   new()\n   ```\n\n   {reason}\n").scope == ()


def test_entries_around_it_and_the_heading_may_say_where_an_edit_is() -> None:
    text = "# send.py\n## `retry()`\n* In `Mailer.send`:\n  * Added `go()`\n"
    assert item(text).scope == ("Mailer.send", "retry")


MISNESTED = """\
* Added the hosts:
   ```python
 first = 1

 last = 2
```

* Added the ports:
   ```python
   port = 25
   ```
   * Adjust the time:
   ```python
   time = 60
```
 * Removed `old_hosts`
"""


def test_fences_that_do_not_nest_as_the_lists_do() -> None:
    assert [(each.line, each.after, each.prose) for each in items(MISNESTED)] == [
        (1, "first = 1\n\nlast = 2\n", "Added the hosts"),
        (8, "port = 25\n", "Added the ports"),
        (12, "time = 60\n", "Adjust the time"),
        (16, "", "Removed old_hosts"),
    ]


def test_an_unclosed_fence_ends_with_its_entry() -> None:
    text = "1. Added\n\n   ```\n   one()\n\n2. Added\n\n   ```\n   two()\n   ```\n"
    assert [each.after.strip() for each in items(text)] == ["one()", "two()"]


def test_code_below_a_numbered_entry_that_has_none_belongs_to_it() -> None:
    text = "1. Changed\n```\nold()\n```\nto\n```\nnew()\n```\n2. Removed\n```\nmore()\n```\n"
    changed, removed = items(text)
    assert (changed.number, changed.before, changed.after) == (1, "old()\n", "new()\n")
    assert (removed.number, removed.before) == (2, "more()\n")


def test_a_text_below_code_is_a_reason_or_introduces_the_next_edit() -> None:
    text = (
        "Added\n```\none()\n```\nto be sure.\n\nThe clock was wrong.\n\nAdded\n```\ntwo()\n```\n"
        "and:\n```\nthree()\n```\nNobody knows why.\n"
    )
    assert [(each.verb, each.prose) for each in items(text)] == [
        ("Added", "to be sure."),
        ("Added", "The clock was wrong."),
        ("Added", "Nobody knows why."),
    ]


def test_indented_code() -> None:
    assert quotes("Changed\n\n    old()\n\nto\n\n    new()\n") == ("Changed", "old()\n", "new()\n")


@pytest.mark.parametrize("language", ["bash", "{.sh}", "json", "console"])
def test_code_in_another_language_is_no_quote(language: str) -> None:
    assert not item(f"* Added a script\n```{language}\n./run\n```\n").has_code


def test_a_list_in_a_fence_is_a_list() -> None:
    text = "## `/mail/send.py` - the program\n```\n* Added retries\n* Removed logs\n```\n"
    (part,) = document.parse(text)
    assert part.file == "/mail/send.py"
    assert [(each.line, each.prose) for each in part.items] == [
        (3, "Added retries"),
        (4, "Removed logs"),
    ]


@pytest.mark.parametrize(
    ("heading", "file"),
    [
        ("det\\_send.py", "det_send.py"),
        ("`mail/run.py`", "mail/run.py"),
        ("Changes made to the `/a/run.py` file- The program", "/a/run.py"),
        ("run.py:", "run.py"),
        ("0.14", ""),
        ("Model changes", ""),
    ],
)
def test_the_file_that_a_heading_names(heading: str, file: str) -> None:
    (part,) = document.parse(f"## {heading}\n\n* Added `go()`\n")
    assert (part.file, part.heading) == (file, heading.replace("\\", "").replace("`", ""))


def test_a_heading_below_one_of_a_file_is_about_that_file() -> None:
    text = "# a.py\n## Hosts\n* Added `a()`\n## Ports\n* Added `b()`\n# Other\n* Added `c()`\n"
    assert [(part.heading, part.file) for part in document.parse(text)] == [
        ("Hosts", "a.py"),
        ("Ports", "a.py"),
        ("Other", ""),
    ]


KEYED = """\
# send.py

```toml
path = "mail/send.py"
```

1.  Added

    ```python
    def f():
        ...
        go()
    ```

    For f.

    ```toml
    kind = "statement"
    within = "main"
    ```
"""


def test_toml_gives_the_keys_of_an_item_and_of_a_part() -> None:
    (part,) = document.parse(KEYED)
    (read,) = part.items
    assert part.keys == {"path": "mail/send.py"}
    assert read.keys == {"kind": "statement", "within": "main"}
    assert (read.after, read.prose) == ("def f():\n    ...\n    go()\n", "For f.")


@pytest.mark.parametrize("broken", ["a = ", "a = 1\na = 2", f"a = {'[' * 5000}", f"{'a.' * 99}b=1"])
def test_toml_that_is_none_gives_no_keys(broken: str) -> None:
    assert (
        item(f"1. Added\n\n   ```\n   go()\n   ```\n\n   ```toml\n   {broken}\n   ```\n").keys == {}
    )


_PIECES = [
    *("Changed", "Added:", "to", "and:", "`a()`", "``", "```", "```python", "```toml", "~~~"),
    *("* ", "1. ", "16.  ", "    ", "  ", "\n", "\n\n", "...", "def f(_):", "# a.py", "---", "> "),
    *("<!--", "\\", "In `f`", "&#xe000;", "[x](", "![", "\t", "(", "'''", "\x0c", "\u2028"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_is_read(text: str) -> None:
    parts: list[Part] = document.parse(text)
    for part in parts:
        assert part.line >= 1
        assert part.items
        assert all(each.line >= part.line for each in part.items)


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param("    1. x\n", id="lists"),
        pytest.param("* Added `a` to `b`\n", id="inline"),
        pytest.param("```\n", id="fences"),
        pytest.param("```python\n", id="unclosed"),
        pytest.param("to\n```\ndef f(_):\n  ...\n  x\n```\n", id="wrapped"),
        pytest.param("In in of `a` a a " * 40 + "\n\n", id="places"),
        pytest.param("a_" * 400 + "\n\n", id="words"),
        pytest.param("Added\n\n", id="verbs"),
    ],
)
def test_the_time_grows_with_the_length(piece: str) -> None:
    times = []
    for size in (20_000, 80_000):
        text = piece * (size // len(piece))
        start = process_time()
        document.parse(text)
        times.append(process_time() - start)
    assert times[1] < 10 * times[0] + 0.5


def test_a_reason_in_the_fence_is_no_code() -> None:
    read = item("Changed\n```\nold()\n```\nto\n```\n  new()\n to make it work well.\n```\n")
    assert (read.after, read.prose) == ("new()\n", "to make it work well.")


@pytest.mark.parametrize(("first", "then"), [("Before:", "After:"), ("**Old**", "**New:**")])
def test_labels_above_both_quotes(first: str, then: str) -> None:
    text = f"## a.py\n\n{first}\n```\nold()\n```\n{then}\n```\nnew()\n```\n"
    read = item(text)
    assert (read.verb, read.before, read.after, read.prose) == (
        "Changed",
        "old()\n",
        "new()\n",
        "",
    )
    assert quotes(text.replace(first, "**Changed**").replace(then, "*to*"))[0] == "Changed"


def test_a_diff_quotes_both() -> None:
    text = "* Changed the port\n  ```diff\n  @@ -1 +1 @@\n   a()\n  -old()\n  +new()\n  ```\n"
    read = item(text)
    assert (read.before, read.after) == ("a()\nold()\n", "a()\nnew()\n")
    assert quotes("Added\n```diff\n+new()\n```\n") == ("Added", "", "new()\n")
    assert quotes("Removed\n```diff\n-old()\n```\n") == ("Removed", "old()\n", "")


def test_lines_of_code_are_no_head_of_a_diff() -> None:
    rows = " index = 0\nindex = 1\nrename it\n-old()\n+new()\n"
    read = item(f"Changed\n```diff\ndiff --git a/x b/x\nindex 1a..2b\n{rows}```\n")
    assert (read.before, read.after) == (
        "index = 0\nindex = 1\nrename it\nold()\n",
        "index = 0\nindex = 1\nrename it\nnew()\n",
    )


def test_each_hunk_of_a_diff_is_an_edit() -> None:
    one = "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@ def f():\n-a\n+b\n"
    two = "@@ -9 +9 @@ class C:\n c\n-d\n\\ No newline at end of file\n"
    three = "diff --git a/y.py b/y.py\nnew file mode 100644\n--- /dev/null\n+++ b/y.py\n+e\n"
    read = items(
        f"# x.py\n\n2. Changed in `go`:\n   ```diff\n{one}{two}{three}```\n\n   Is fast.\n"
    )
    assert [(e.number, e.line, e.verb) for e in read] == [
        (2, 3, "Changed"),
        (None, 11, "Changed"),
        (None, 18, "Added"),
    ]
    assert [(e.before, e.after, e.file) for e in read] == [
        ("a\n", "b\n", "x.py"),
        ("c\nd\n", "c\n", "x.py"),
        ("", "e\n", "y.py"),
    ]
    assert [{*e.scope} for e in read] == [{"go", "f"}, {"go", "C"}, {"go"}]
    assert [e.prose for e in read] == ["", "", "Is fast."]
