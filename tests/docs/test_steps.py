"""How pages are read: blocks, comments, sessions, and what matches an output."""

from textwrap import dedent

import pytest

from tests.docs.pages import PageError, parse
from tests.docs.steps import Step, fitting, matches, steps


def read(text: str) -> list[Step]:
    return steps(parse("page.md", dedent(text)))


def test_a_session_is_read_command_by_command() -> None:
    found = read(
        """\
        # Page

        ```console
        $ one \\
            --more
        $ two
        its output

        and more
        $ echo $?
        ```
        """
    )
    assert found == [
        Step(4, "console", "one \\\n    --more", None),
        Step(6, "console", "two", "its output\n\nand more"),
        Step(10, "console", "echo $?", None),
    ]


def test_a_block_in_a_list_is_read_with_what_it_prints() -> None:
    found = read(
        """\
        1. Run:

           ```sh
           one
             two
           ```

           It prints

           ```text
           three
           ```
        """
    )
    assert found == [Step(4, "sh", "one\n  two\n", "three\n")]


def test_a_comment_is_run_and_another_block_exempt() -> None:
    found = read(
        """\
        Text
        <!-- run: cd mini
        ls -->
        <!-- not run: takes hours -->
        ```sh
        train
        ```
        <!-- needs: stack -->
        ```sh
        step
        ```
        ```python
        import patcher
        ```
        ```python
        print(1)
        ```
        ```text
        1
        ```
        """
    )
    assert [(each.language, each.code.strip(), each.shown, each.needs) for each in found] == [
        ("run", "cd mini\nls", None, ""),
        ("sh", "step", None, "stack"),
        ("python", "print(1)", "1\n", ""),
    ]


def test_a_block_is_written_into_the_file_that_a_comment_names() -> None:
    found = read("""\
        <!-- file: >>a/b.toml -->
        ```toml
        x = 1
        ```
        """)
    written = "cat >>a/b.toml <<'END OF BLOCK'\nx = 1\nEND OF BLOCK\n"
    assert found == [Step(3, "run", f'mkdir -p "$(dirname a/b.toml)"\n{written}', None)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!-- not run -->\n```sh\nls\n```\n", "page.md:1: `not run` says nothing"),
        ("<!-- not run: -->\n```sh\nls\n```\n", "page.md:1: `not run` says nothing"),
        ("<!-- not run: why -->\n\nText\n```sh\nls\n```\n", "page.md:1: `not run` is about no"),
        ("# T\n\n<!-- needs: stack -->\n", "page.md:3: `needs` is about no block"),
        ("```console\nout\n$ ls\n```\n", "page.md:2: a console begins with output"),
    ],
)
def test_a_page_that_means_nothing_is_refused(text: str, said: str) -> None:
    with pytest.raises(PageError, match=f"^{said}"):
        read(text)


@pytest.mark.parametrize(
    ("shown", "output"),
    [
        ("a\n...\nd", "a\nb\nc\nd\n"),
        ("a\n...\nb", "a\nb\n"),
        ("...", ""),
        ("in ... files", "in 3 files  \n"),
        ("a\n\nb\n", "\na\n\nb\n\n"),
        ("  indented", "  indented\n"),
    ],
)
def test_an_output_is_what_is_shown(shown: str, output: str) -> None:
    assert matches(shown, output)


@pytest.mark.parametrize(
    ("shown", "output"),
    [
        ("a", "a\nb\n"),
        ("a", ""),
        ("a", "  a\n"),
        ("a\nb", "a\n\nb\n"),
        ("in ... files", "in 3\nfiles\n"),
        ("a.b", "axb\n"),
    ],
)
def test_an_output_is_not_what_is_shown(shown: str, output: str) -> None:
    assert not matches(shown, output)


def test_the_first_line_that_differs_is_found() -> None:
    assert fitting("a\n...\nc\nx\ny", "a\nb\nc\nd\n") == 3
    assert fitting("x", "a\n") == 0
