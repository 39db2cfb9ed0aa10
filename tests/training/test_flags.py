"""Arguments that the program would pass over are refused before anything starts."""

from pathlib import Path

import pytest

from patcher.errors import StackError
from patcher.training import flags
from tests.commands import run

PROGRAM = """\
from absl import app, flags
import tools.more
from tools import other as alias
flags.DEFINE_string('mode', 'train', 'What to do.')
flags.DEFINE_integer(name='batch_size', default=8, help='Pictures at once.')
flags.DEFINE_bool('use_tpu', False, 'Use them.')
flags.DEFINE_boolean('use_xla', default=True, help='Use it.')
FLAGS = flags.FLAGS
"""


MODULES = {
    "main.py": PROGRAM,
    "stray.py": "from absl import flags\nflags.DEFINE_string('stray', '', '')\n",
    "tools/more.py": "from absl import flags\nfrom . import far\nflags.DEFINE_float('rate', 0)\n",
    "tools/deep.py": "from absl import flags as f\nf.DEFINE_enum('depth', 'a', 'ab', '')\n",
    "tools/other.py": "import main\n",
    "tools/far/__init__.py": "from ..deep import f\nfrom ... import nowhere\n",
}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "tools" / "far").mkdir(parents=True)
    for path, text in MODULES.items():
        (tmp_path / path).write_text(text)
    return tmp_path / "main.py"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="none"),
        pytest.param(["--mode=eval", "-batch_size=4"], id="with values"),
        pytest.param(["--mode", "eval", "--batch_size", "-4"], id="values apart"),
        pytest.param(["--use_tpu", "--nouse_xla", "--use_xla=false"], id="on and off"),
        pytest.param(["--rate=1", "--depth", "b"], id="of imported modules"),
        pytest.param(["--rate=-1e-3", "--batch_size=0o17", "--use_xla=T"], id="as absl reads them"),
        pytest.param(["--batch_size=0x10", "--batch_size=010"], id="numbers of other bases"),
        pytest.param(["--flagfile=x", "--alsologtostderr", "--v", "1", "--nopdb"], id="absl's own"),
    ],
)
def test_flags_that_there_are(arguments: list[str], program: Path) -> None:
    flags.require_known(program, arguments)


@pytest.mark.parametrize(
    ("arguments", "found", "step"),
    [
        pytest.param("--batchsize=4", "no flag --batchsize", "mean --batch_size?", id="misspelled"),
        pytest.param("--mode x --use_tpus", "no flag --use_tpus", "mean --use_tpu?", id="later"),
        pytest.param("--nomode", "no flag --nomode", "mean --mode?", id="no switch"),
        pytest.param("--stray=1", "no flag --stray", "expected one of main.py", id="elsewhere"),
        pytest.param("--use_tpu true", "`true` is no flag", "--flag=value", id="of a switch"),
        pytest.param("--mode=x -- --v=4", "`--` is no flag", "--flag=value", id="behind the end"),
        pytest.param(
            "--batch_size=abc", "--batch_size=abc, expected a whole", "correct", id="text"
        ),
        pytest.param("--batch_size", "--batch_size has no value, exp", "correct", id="none"),
        pytest.param("--batch_size 1e3", "--batch_size=1e3, expected a w", "correct", id="apart"),
        pytest.param("--rate=fast", "--rate=fast, expected a number", "correct", id="no number"),
        pytest.param("--use_tpu=yes", "--use_tpu=yes, expected true or f", "correct", id="yes"),
        pytest.param("batch_size=4", "`batch_size=4` is no flag", "--flag=value", id="no dash"),
    ],
)
def test_flags_that_there_are_not(arguments: str, found: str, step: str, program: Path) -> None:
    with pytest.raises(StackError) as caught:
        flags.require_known(program, arguments.split())
    assert str(caught.value).startswith(f"ARGS: {found}")
    assert step in str(caught.value)


def test_an_option_of_the_command_belongs_in_front(program: Path) -> None:
    step = (
        "no flag --np, expected one of main.py; --np is an option of `train`: write it before `--`"
    )
    with pytest.raises(StackError, match=f"ARGS: {step}"):
        flags.require_known(program, ["--np=2"], ["np", "mode"])
    flags.require_known(program, ["--mode=eval"], ["np", "mode"])  # the program has one as well


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(
            "for n in 'ab': flags.DEFINE_string(n, '', '')\n", id="names made at run time"
        ),
        pytest.param("(\n", id="no Python"),
    ],
)
def test_what_cannot_be_known_is_not_checked(more: str, program: Path) -> None:
    program.write_text(PROGRAM + more)
    flags.require_known(program, ["--anything"])


def test_a_file_of_flags_is_read(program: Path, tmp_path: Path) -> None:
    file = tmp_path / "flags"
    file.write_text("# what to do\n--mode=train\n\n")
    flags.require_known(program, [f"--flagfile={file}", "--flagfile=/nowhere"])
    file.write_text("--mod=train\n")
    with pytest.raises(StackError, match=r"ARGS: no flag --mod, .*mean --mode\?"):
        flags.require_known(program, ["--mode=x", f"--flagfile={file}"])


def test_flags_that_absl_is_told_to_pass_over_may_be_unknown(program: Path) -> None:
    flags.require_known(program, ["--undefok=one,two", "--one=1", "--two"])
    with pytest.raises(StackError, match="no flag --three"):
        flags.require_known(program, ["--undefok=one", "--three=1"])


def test_a_module_that_cannot_be_read_is_passed_over(program: Path) -> None:
    with (program.parent / "tools" / "other.py").open("wb") as file:
        file.truncate(100_000_000)
    flags.require_known(program, ["--mode=eval"])


def test_a_program_without_flags_is_not_checked(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import sys\nprint(sys.argv)\n")
    flags.require_known(tmp_path / "main.py", ["anything", "--at", "all"])


def test_train_refuses_before_it_starts(miniature: Path, tmp_path: Path) -> None:
    packs = ("--pack", "documented", "--pack", "tensorflow_2_15")
    run("apply", miniature, *packs)
    given = ("--", "--train_batchsize=4", f"--model_dir={tmp_path}/run")
    result = run("train", miniature, *packs, *given)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr == (
        "ARGS: no flag --train_batchsize, expected one of main.py; "
        "did you mean --train_batch_size?\n"
    )
    assert not (tmp_path / "run").exists()
