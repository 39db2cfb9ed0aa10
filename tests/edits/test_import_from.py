"""Names that a module imports: changed, removed, added."""

from dataclasses import replace

import pytest

from patcher.edits.base import edit_kind
from patcher.edits.kinds import ImportFrom
from patcher.model import Section, State
from tests.rule_check import RuleCheck, made_up, trial

MOVE = trial("from shop import till", "from bank.cash import till, count", ImportFrom())
MORE = trial("from shop import till, cart", "from shop import till, cart, bag", ImportFrom())
GONE = trial("from shop import till, cart", "", ImportFrom())
ADD = trial("", "from shop.till import count", ImportFrom())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("# why\nfrom shop import till  # that\n",
                     "# why\nfrom bank.cash import till, count  # that\n", id="alone"),
        pytest.param("from shop import bag, till\n",
                     "from shop import bag\nfrom bank.cash import till, count\n", id="more names"),
        pytest.param("from shop import till\nfrom bank.cash import count\n",
                     "from bank.cash import till\nfrom bank.cash import count\n",
                     id="where another line has a name"),
        pytest.param("from bank.cash import count\nfrom shop import (\n  bag,  # mine\n  till)\n",
                     "from bank.cash import count\n# mine\nfrom shop import (\n  bag)\n"
                     "from bank.cash import till, count\n", id="laid out in rows"),
        pytest.param("from bank.cash import count\n"
                     "try:\n    from shop import till\nfinally:\n    a()\n",
                     "from bank.cash import count\n"
                     "try:\n    from bank.cash import till, count\nfinally:\n    a()\n",
                     id="in a block, whatever stands above it"),
        pytest.param("try:\n    from shop import till\nexcept ImportError:\n    pass\n",
                     "try:\n    from bank.cash import till, count\nexcept ImportError:\n    pass\n",
                     id="in a block"),
    ],
)  # fmt: skip
def test_takes_a_name_from_elsewhere(before: str, after: str) -> None:
    MOVE.changes(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("from shop import cart, till\n", "from shop import cart, till, bag\n",
                     id="in another order"),
        pytest.param("from shop import till\nfrom shop import cart  # that\n",
                     "from shop import till\nfrom shop import cart, bag  # that\n",
                     id="a line per name"),
    ],
)  # fmt: skip
def test_takes_one_more_name(before: str, after: str) -> None:
    MORE.changes(before, after)


SOURCES = [
    pytest.param("shop.till", id="the package"),
    pytest.param("src.shop.till", id="the folder above it"),
    pytest.param(".till", id="relative"),
    pytest.param("..shop.till", id="relative to the folder above"),
]


@pytest.mark.parametrize("source", SOURCES)
def test_a_module_of_the_tree_goes_by_any_of_its_names(source: str) -> None:
    quotes = ("from shop.till import pay", "from shop.till import pay, open")
    (rule,) = made_up((*quotes, ImportFrom())).rules
    section = Section("app.py", "src/shop/app.py", (rule,), root="src")
    check = RuleCheck("app-1", section)
    check.changes(f"from {source} import pay, cart\n", f"from {source} import pay, cart, open\n")
    check.ignores(f"from .{source} import pay\n")
    moved = replace(rule, after="from bank import pay, open")
    check = RuleCheck("app-1", replace(section, rules=(moved,)))
    check.changes(f"from {source} import pay\n", "from bank import pay, open\n")


def test_a_name_that_is_dropped_stays_while_it_is_used() -> None:
    drop = trial("from shop import till, cart as c", "from bank import till", ImportFrom())
    drop.changes(
        "from shop import till, cart as c\ncart.pay()\n", "from bank import till\ncart.pay()\n"
    )
    drop.changes(
        "from shop import till, cart as c\nc.pay()\n",
        "from shop import cart as c\nfrom bank import till\nc.pay()\n",
    )


def test_a_name_that_comes_from_both_places_is_ambiguous() -> None:
    both = "from shop import till\nfrom bank.cash import till, count\n"
    assert MOVE.ignores(both).state is State.AMBIGUOUS


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("# why\nfrom shop import cart, till\na()\n", "# why\na()\n", id="alone"),
        pytest.param("from shop import (\n    bag,\n    cart,  # one\n    till,\n)\n",
                     "# one\nfrom shop import (\n    bag,\n)\n", id="among others"),
    ],
)  # fmt: skip
def test_removes_names(before: str, after: str) -> None:
    GONE.changes(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('"""Shop."""\n\na()\n', '"""Shop."""\nfrom shop.till import count\n\na()\n',
                     id="behind a docstring"),
        pytest.param("a()\n", "from shop.till import count\na()\n", id="at the top"),
        pytest.param("import bank\nimport z\n\n# why\na()\n",
                     "import bank\nimport z\nfrom shop.till import count\n\n# why\na()\n",
                     id="behind the last import"),
        pytest.param("# ours\nfrom shop import bag\nfrom shop.wrap import b\n\na()\n",
                     "# ours\nfrom shop import bag\nfrom shop.till import count\n"
                     "from shop.wrap import b\n\na()\n", id="in the order of the alphabet"),
        pytest.param("import bank\n\n# its comment\nfrom shop.wrap import b\n",
                     "import bank\n\nfrom shop.till import count\n# its comment\n"
                     "from shop.wrap import b\n",
                     id="above a line that keeps its comment"),
        pytest.param("import bank\n\nf.DEFINE_bool('a')\nimport z\n",
                     "import bank\nfrom shop.till import count\n\nf.DEFINE_bool('a')\nimport z\n",
                     id="above the first flag"),
        pytest.param("try:\n    import a\nexcept ImportError:\n    a = None\nb()\n",
                     "try:\n    import a\nexcept ImportError:\n    a = None\n"
                     "from shop.till import count\nb()\n", id="behind an attempt to import"),
        pytest.param("import bank\n\n\ndef f():\n    import late\n\nimport z\n",
                     "import bank\nfrom shop.till import count\n\n\n"
                     "def f():\n    import late\n\nimport z\n",
                     id="above the first definition"),
    ],
)  # fmt: skip
def test_adds_an_import(before: str, after: str) -> None:
    ADD.changes(before, after)


def test_an_added_import_may_stand_among_other_names_or_twice() -> None:
    line = "from shop.till import pay, count\n"
    assert ADD.ignores(line).state is State.APPLIED
    assert ADD.ignores(line + line).state is State.APPLIED


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param("from shop import tills", "found `tills`, expected `till`",
                     id="another name"),
        pytest.param("from shop import till as t", "found `till as t`, expected `till`",
                     id="another alias"),
        pytest.param("from shop import *", "imports `*`, expected `from shop import till`",
                     id="a star"),
        pytest.param("from shop import till; a()", "shares its line with other statements",
                     id="with other code on its line"),
        pytest.param("def f():\n    from shop import till", "stands in `f`, expected at module",
                     id="in a function"),
        pytest.param("from .shop import till", "found `from .shop import till`", id="relative"),
        pytest.param("till = 1", "expected `from shop import till`", id="a variable"),
    ],
)  # fmt: skip
def test_leaves_what_is_like_it_alone(line: str, why: str) -> None:
    MOVE.drifts(f"{line}\ntill()\n", line=1 + line.count("\n"), why=why)


@pytest.mark.parametrize(
    ("line", "found", "wanted"),
    [
        ("count = 1", "count = 1", "from shop.till import count"),
        ("from other import count", "other", "shop.till"),
        ("def count(): pass", "def count():", "from shop.till import count"),
    ],
)
def test_never_binds_a_name_that_is_something_else(line: str, found: str, wanted: str) -> None:
    why = "binds a name that the edit imports"
    MOVE.drifts(f"from shop import till\n\n{line}\n", line=3, why=why)
    ADD.drifts(f"import a\n\n{line}\n", line=3, why=f"found `{found}`, expected `{wanted}`")


def test_a_name_from_both_sources_makes_a_change_ambiguous() -> None:
    code = "from shop import till\nfrom bank.cash import till, count\n"
    outcome = MOVE.ignores(code)
    assert outcome.state is State.AMBIGUOUS
    assert [site.line for site in outcome.sites] == [1, 2]


def test_a_name_that_comes_in_otherwise_makes_a_removal_ambiguous() -> None:
    code = "from shop import till, cart\n\n\ndef f():\n    from shop import cart\n"
    outcome = GONE.ignores(code)
    assert outcome.state is State.AMBIGUOUS
    assert [site.line for site in outcome.sites] == [1, 5]


def test_a_star_that_may_still_bring_names_in_makes_a_removal_ambiguous() -> None:
    outcome = GONE.ignores("from shop import till, cart\nfrom bank import *\nfrom shop import *\n")
    assert outcome.state is State.AMBIGUOUS
    assert [site.line for site in outcome.sites] == [1, 3]


@pytest.mark.parametrize("line", ["from shop import *", "from shop import cart"])
def test_a_removal_of_names_that_may_still_come_in_is_not_done(line: str) -> None:
    GONE.drifts(f"{line}\n", line=1, why="from shop import" if "*" in line else "lacks `till`")


def test_a_removal_is_done_where_nothing_comes_in() -> None:
    assert GONE.outcome("from shop import bag\n").state is State.APPLIED


@pytest.mark.parametrize(
    ("check", "names"),
    [
        pytest.param(MOVE, {"shop"}, id="what a change drops"),
        pytest.param(GONE, {"shop", "till", "cart"}, id="what a removal names"),
        pytest.param(ADD, {"count"}, id="what an addition binds"),
    ],
)
def test_is_about_names_in_any_function(check: RuleCheck, names: set[str]) -> None:
    assert edit_kind(check.rule.edit).sought(check.rule) == names


def test_says_what_the_file_lacks() -> None:
    MOVE.misses("import shop\n", "till")
    MORE.misses("import shop\n", "cart", "till")


def test_an_import_may_bring_in_fewer_names() -> None:
    MORE.changes("from shop import till\n", "from shop import till, bag\n")
    MORE.drifts("from shop import till\ncart()\n", line=1, why="lacks `cart`")


TRY = "try:\n    import bank.till as till\nexcept ImportError:\n    till = None\n"
ATTEMPTS = {"shop.till": TRY}


@pytest.mark.parametrize(
    ("quotes", "before", "after"),
    [
        pytest.param(("from shop import till", "from bank import till, count"), f"# why\n{TRY}",
                     "# why\nfrom bank import till, count\n", id="from elsewhere"),
        pytest.param(("from shop import till", "from bank import till, count"),
                     TRY.replace("ImportError", "(ImportError, OSError)"),
                     "from bank import till, count\n", id="a wider except"),
        pytest.param(("from shop import till, cart", "from shop import till, cart, bag"),
                     f"from shop import cart\n{TRY}cart(till)\n",
                     "from shop import cart\nfrom shop import till, bag\ncart(till)\n",
                     id="next to an import of the others"),
        pytest.param(("from shop import till, cart", "from bank import till, bag"),
                     f"{TRY}a(till)\n", "from bank import till, bag\na(till)\n",
                     id="without one that is read nowhere"),
    ],
)  # fmt: skip
def test_a_try_may_stand_in_place_of_an_import(
    quotes: tuple[str, str], before: str, after: str
) -> None:
    section = replace(made_up((*quotes, ImportFrom())), attempts=ATTEMPTS)
    check = RuleCheck("trial-1", section)
    check.changes(before, after)
    for other in ("bank.bag as till", "bank.till as bag"):
        check.ignores(before.replace("bank.till as till", other))
    RuleCheck("trial-1", replace(section, attempts={})).ignores(before)


def test_a_try_does_not_stand_for_other_names_that_are_read() -> None:
    quotes = ("from shop import till, cart", "from bank import till, bag")
    section = replace(made_up((*quotes, ImportFrom())), attempts=ATTEMPTS)
    RuleCheck("trial-1", section).ignores(f"{TRY}a(till, cart)\n")
