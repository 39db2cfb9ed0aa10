import pytest

from patcher.model import State
from tests.rule_check import RuleCheck

take_hvd = RuleCheck("utis-1")
ask_rank = RuleCheck("utis-2")
start = RuleCheck("utis-3")
name_rank = RuleCheck("utis-4")
name_rank0 = RuleCheck("utis-5")

QUESTIONS = [(ask_rank, "is_rank0"), (name_rank, "hvd_info"), (name_rank0, "hvd_info_rank0")]
each_question = pytest.mark.parametrize(
    ("check", "function"), [pytest.param(*pair, id=pair[1]) for pair in QUESTIONS]
)


def test_takes_the_horovod_functions_from_the_common_module() -> None:
    take_hvd.changes(
        """\
        import socket

        # More cards than one?
        try:
            # Built with NCCL.
            import horovod.tensorflow as hvd
        except ImportError:  # one card
            hvd = None
        import tensorflow.compat.v1 as tf  # 1.15
        """,
        """\
        import socket

        # More cards than one?
        # Built with NCCL.
        # one card
        from TensorFlow.common.horovod_helpers import hvd, hvd_init, horovod_enabled
        import tensorflow.compat.v1 as tf  # 1.15
        """,
    )


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            import socket
            try:
                import horovod.tensorflow as hvd
            except ImportError:
                raise SystemExit('no Horovod')
            """,
            5,
            "found `raise SystemExit('no Horovod')`, expected `hvd = None`",
            id="it insists on Horovod",
        ),
        pytest.param(
            """\
            def cards():
                try:
                    import horovod.tensorflow as hvd
                except ImportError:
                    hvd = None
            """,
            3,
            "stands by itself, expected in `try:`",
            id="inside a function",
        ),
        pytest.param(
            "import socket\nimport byteps.tensorflow as hvd\n",
            2,
            "binds `hvd` in another way",
            id="no attempt",
        ),
    ],
)
def test_leaves_other_attempts_to_import_alone(code: str, line: int, why: str) -> None:
    take_hvd.drifts(code, line=line, why=why)


def test_asks_for_the_rank_only_while_horovod_runs() -> None:
    ask_rank.changes(
        """\
        def is_rank0():
            # The first card writes.
            if hvd is not None:  # many cards
                return hvd.rank() == 0
            else:  # one card
                return True
        """,
        """\
        def is_rank0():
            # The first card writes.
            if horovod_enabled():  # many cards
                return hvd.rank() == 0
            else:  # one card
                return True
        """,
    )


def test_asks_for_the_rank_where_no_space_follows_the_if() -> None:
    ask_rank.changes(
        """\
        def is_rank0():
            if(hvd) is not None:  # many
                return hvd.rank() == 0
        """,
        """\
        def is_rank0():
            if horovod_enabled():  # many
                return hvd.rank() == 0
        """,
    )


def test_starts_horovod_only_where_it_was_asked_for() -> None:
    start.changes(
        """\
        def hvd_try_init():
            global IS_HVD_INIT
            # Once is enough.
            if not IS_HVD_INIT and hvd is not None:  # not yet
                # Waits for the others.
                hvd.init()  # over MPI
                IS_HVD_INIT = True  # from now on

                announce()
        """,
        """\
        def hvd_try_init():
            global IS_HVD_INIT
            # Once is enough.
            if not IS_HVD_INIT and horovod_enabled():  # not yet
                # Waits for the others.
                hvd_init()  # over MPI
                IS_HVD_INIT = True  # from now on

                announce()
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """\
            def hvd_try_init():
              if (not IS_HVD_INIT  # once
                  and hvd is not None):
                hvd.init()
            """,
            """\
            def hvd_try_init():
              if (not IS_HVD_INIT  # once
                  and horovod_enabled()):
                hvd_init()
            """,
            id="a broken line with a comment in it",
        ),
        pytest.param(
            """\
            def hvd_try_init():
                if (not IS_HVD_INIT) and (hvd is not None):
                    log('starting')  # first
                    hvd.init()
            """,
            """\
            def hvd_try_init():
                if (not IS_HVD_INIT) and (horovod_enabled()):
                    log('starting')  # first
                    hvd_init()
            """,
            id="brackets that only group, and another line first",
        ),
        pytest.param(
            """\
            def hvd_try_init():
                if not IS_HVD_INIT and hvd is not None: hvd.init()  # once
            """,
            """\
            def hvd_try_init():
                if not IS_HVD_INIT and horovod_enabled(): hvd_init()  # once
            """,
            id="its block on its own line",
        ),
    ],
)
def test_starts_horovod_however_it_is_laid_out(before: str, after: str) -> None:
    start.changes(before, after)


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        pytest.param(
            """\
            def hvd_try_init():
                if not IS_HVD_INIT and hvd is not None:
                    hvd.init(comm=None)
            """,
            3,
            "has `comm=None` as well",
            id="it starts Horovod in another way",
        ),
        pytest.param(
            """\
            def hvd_try_init():
                if hvd is not None:
                    hvd.init()
            """,
            2,
            "found `hvd is not None`, expected `not IS_HVD_INIT and hvd is not None`",
            id="it starts Horovod every time",
        ),
        pytest.param(
            """\
            def hvd_try_init():
                if not IS_HVD_INIT and horovod_enabled():
                    hvd.init()
            """,
            2,
            "expected",
            id="half made: the question, not the start",
        ),
        pytest.param(
            """\
            def hvd_try_init():
                if not IS_HVD_INIT and hvd is not None:
                    hvd_init()
            """,
            2,
            "lacks `hvd.init()`",
            id="half made: the start, not the question",
        ),
    ],
)
def test_leaves_other_ways_to_start_alone(code: str, line: int, why: str) -> None:
    start.drifts(code, line=line, why=why)


def test_starts_horovod_where_that_moved() -> None:
    start.follows(
        """\
        def hvd_restart():
            if not IS_HVD_INIT and hvd is not None:
                hvd.init()
        """,
        """\
        def hvd_restart():
            if not IS_HVD_INIT and horovod_enabled():
                hvd_init()
        """,
    )


def test_names_the_rank_only_while_horovod_runs() -> None:
    name_rank.changes(
        """\
        def hvd_info(msg):
          # Which card is it?
          if hvd is not None:  # many
            msg = '{}: {}'.format(hvd.rank(), msg)
          log(msg)
        """,
        """\
        def hvd_info(msg):
          # Which card is it?
          if horovod_enabled():  # many
            msg = '{}: {}'.format(hvd.rank(), msg)
          log(msg)
        """,
    )


def test_names_the_rank_of_rank_0_only_while_horovod_runs() -> None:
    name_rank0.changes(
        """\
        def hvd_info_rank0(msg, with_head=True):
            if is_rank0():
                if with_head:
                    # Deep down.
                    if hvd is not None:  # many
                        msg = head(msg)
        """,
        """\
        def hvd_info_rank0(msg, with_head=True):
            if is_rank0():
                if with_head:
                    # Deep down.
                    if horovod_enabled():  # many
                        msg = head(msg)
        """,
    )


@each_question
def test_each_question_has_a_function_of_its_own(check: RuleCheck, function: str) -> None:
    asking = "def {}(msg):\n    if {}:  # many\n        pass\n\n\n"
    functions = [name for _, name in QUESTIONS]
    before = [asking.format(name, "hvd is not None") for name in functions]
    after = [
        asking.format(name, "horovod_enabled()" if name == function else "hvd is not None")
        for name in functions
    ]
    check.changes("".join(before), "".join(after))


@each_question
def test_leaves_a_function_inside_the_function_alone(check: RuleCheck, function: str) -> None:
    check.drifts(
        f"""\
        def {function}(msg):
            def head():
                if hvd is not None:
                    pass
        """,
        line=3,
        why=f"in `{function}.head`",
    )


@each_question
@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("if {}: pass", "hvd is not None and hvd.is_initialized()",
         "horovod_enabled() and hvd.is_initialized()"),
        ("if msg: pass\n    elif {}: pass", "hvd is not None", "horovod_enabled()"),
        ("if {}: return\n    hvd.rank()", "hvd is None", "not horovod_enabled()"),
        ("if {}: return\n    hvd.rank()", "msg or hvd is None", "msg or not horovod_enabled()"),
    ],
)  # fmt: skip
def test_a_question_in_another_form_is_the_same(
    check: RuleCheck, function: str, code: str, before: str, after: str
) -> None:
    head = f"def {function}(msg):\n    {code}\n"
    check.changes(head.format(before), head.format(after))


@each_question
@pytest.mark.parametrize(
    ("question", "found", "wanted"),
    [
        pytest.param("hvd is None", "is", "is not", id="the opposite"),
        pytest.param("self.hvd is not None", "self.hvd", "hvd", id="an attribute"),
        *(
            pytest.param(question, question, "hvd is not None", id=id_)
            for question, id_ in (
                ("hvd", "truth"),
                ("hvd is not None or msg", "less than that"),
                ("hvd is not None and not horovod_enabled()", "what is to be there"),
            )
        ),
    ],
)
def test_leaves_other_questions_alone(
    check: RuleCheck, function: str, question: str, found: str, wanted: str
) -> None:
    check.drifts(
        f"""\
        def {function}(msg):
            if {question}:
                pass
        """,
        line=2,
        why=f"found `{found}`, expected `{wanted}`",
    )


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("while hvd is not None: hvd = hvd.next", "in a `while`"),
        ("return True if hvd is None else hvd.rank() == 0", "without an `if`"),
        ("return hvd is None or hvd.rank() == 0", "without an `if`"),
    ],
)
def test_says_in_which_other_form_a_question_is_asked(code: str, form: str) -> None:
    elsewhere = "def other():\n    if hvd is not None: pass\n"
    why = f"asks this {form}, expected `if hvd is not None:`"
    ask_rank.drifts(f"{elsewhere}def is_rank0():\n    {code}\n", line=4, why=why)


def test_sees_a_question_that_was_changed_by_hand() -> None:
    outcome = ask_rank.ignores("def is_rank0():\n    if horovod_enabled(): return first()\n")
    assert outcome.state is State.APPLIED


def test_starts_horovod_where_only_the_other_branch_is_a_block() -> None:
    start.changes(
        """\
        def hvd_try_init():
            if not IS_HVD_INIT and hvd is not None: hvd.init()
            else:
                log('alone')
        """,
        """\
        def hvd_try_init():
            if not IS_HVD_INIT and horovod_enabled(): hvd_init()
            else:
                log('alone')
        """,
    )


def test_takes_dots_in_the_code_for_what_they_are() -> None:
    start.ignores("def hvd_try_init():\n    if not IS_HVD_INIT and hvd is not None:\n        ...\n")


@pytest.mark.parametrize(
    "line",
    [
        "from byteps import hvd_init",
        "def horovod_enabled(): ...",
        "horovod_enabled: bool = False",
        "size, horovod_enabled = 1, False",
        "for hvd_init in (): pass",
        "with found() as hvd_init: pass",
    ],
)
def test_imports_no_name_that_the_module_has_for_something_else(line: str) -> None:
    attempt = "try:\n    import horovod.tensorflow as hvd\nexcept ImportError:\n    hvd = None\n"
    take_hvd.drifts(f"{attempt}{line}\n", line=5, why="binds a name that the edit imports")


def test_asks_nothing_that_the_module_answers_otherwise() -> None:
    code = "def horovod_enabled(): ...\ndef is_rank0():\n    if hvd is not None:\n        rank()\n"
    ask_rank.drifts(code, line=1, why="binds `horovod_enabled` to something else")


def test_sees_the_functions_on_a_line_each() -> None:
    names = ("hvd", "hvd_init", "horovod_enabled")
    lines = "".join(f"from TensorFlow.common.horovod_helpers import {name}\n" for name in names)
    assert take_hvd.ignores(lines).state is State.APPLIED
