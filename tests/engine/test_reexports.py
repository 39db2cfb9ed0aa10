"""Names that a rule drops from a module's imports, though other files import them from there."""

import pytest

from patcher import engine
from patcher.edits.kinds import ImportFrom
from patcher.model import Outcome, Pack, Section, State
from tests.rule_check import made_up

GONE = made_up(("from bank import till, cart", "", ImportFrom())).rules
PACK = Pack("tried", (Section("app.py", "src/shop/app.py", GONE, "app", root="src"),))
CODE = b"from bank import till, cart\n"


def outcome(path: str, code: str) -> Outcome:
    (found,) = engine.plan([PACK], {"src/shop/app.py": CODE, path: code.encode()}).outcomes
    return found


@pytest.mark.parametrize(
    ("path", "code"),
    [
        pytest.param("src/main.py", "from shop.app import till", id="by its name"),
        pytest.param("src/main.py", "from src.shop.app import a, cart as b", id="from above"),
        pytest.param("src/shop/__init__.py", "from .app import till", id="by the package"),
        pytest.param("src/shop/more/a.py", "from ..app import till", id="from a folder inside"),
        pytest.param("src/main.py", "from shop.app import *\ntill()", id="everything"),
        pytest.param("src/main.py", "from shop import app\napp.till()", id="of the module"),
        pytest.param("src/main.py", "import shop.app as a\na.till()", id="of it, renamed"),
        pytest.param("src/shop/b.py", "from . import app as a\na.cart", id="of it, from here"),
        pytest.param("main.py", "def f():\n    import shop.app\n    shop.app.till", id="in full"),
    ],
)
def test_a_name_that_another_file_imports_is_not_dropped(path: str, code: str) -> None:
    found = outcome(path, code)
    name = "cart" if "cart" in code else "till"
    assert found.state is State.DRIFTED
    assert found.nearest
    assert found.nearest.why == f"{path} imports `{name}` from here"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("from bank import till", id="from where it comes"),
        pytest.param("from shop.apps import till", id="from another module"),
        pytest.param("from shop.app import tills", id="another name"),
        pytest.param("from shop.app import *\ncash()", id="everything, and nobody that"),
        pytest.param("import shop.app\nbank.till()", id="another's attribute"),
        pytest.param("# from shop.app import till", id="a comment"),
        pytest.param("from shop.app import till (", id="no Python"),
    ],
)
def test_what_other_files_do_besides_does_not_matter(code: str) -> None:
    assert outcome("src/main.py", code).state is State.PENDING
