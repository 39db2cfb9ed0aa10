"""Versions of a module print as they would by themselves."""

import libcst as cst
import pytest

from patcher.code.source import Printer, printed


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("", id="nothing"),
        pytest.param("# only a comment\n", id="no statement"),
        pytest.param("a = 1\n", id="one line"),
        pytest.param("a = 1", id="no line end"),
        pytest.param("\n\n# head\n\na = 1\nif a:\n    b = 2\n\n\n# foot\n", id="head and foot"),
        pytest.param("a = 1\r\nb = 2\r\n", id="carriage returns"),
        pytest.param("# -*- coding: latin-1 -*-\na = 'ä'\n", id="latin-1"),
        pytest.param("def f():\n\treturn 1\n\n\nclass C:\n\tpass", id="tabs"),
    ],
)
def test_each_version_is_printed_as_by_itself(code: str) -> None:
    encoding = "latin-1" if "latin" in code else "utf-8"
    module, printer = cst.parse_module(code.encode(encoding)), Printer()
    assert printer.content(module) == printed(module).content == code.encode(encoding)
    more = cst.parse_statement("c = 3\n")
    for body in ([more, *module.body], [*module.body, more], module.body[1:], [more]):
        version = module.with_changes(body=body)
        assert printer.content(version) == printed(version).content
