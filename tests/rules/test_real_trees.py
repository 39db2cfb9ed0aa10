"""The pin with one small change, as real trees show it: each edit is right, or refused by name."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from patcher import engine
from patcher.model import Plan, State
from tests.commands import contents, git, run
from tests.counts import MADE, RULES
from tests.rule_check import DOCUMENTED
from tests.rules.drifts import (
    ALL,
    ARCH,
    HOOKS,
    HPARAMS,
    LOADER,
    MAIN,
    MODEL,
    NORM,
    PACKAGE,
    UTILS,
    UTIS,
    Drift,
    Files,
    asked,
    read,
    refused,
)

HOOK = "LoggingTensorHook(dict(utils.summaries), summary_dir=params['model_dir'])"
LOGS = f"    logging_hook = {HOOK}\n    training_hooks.append(logging_hook)\n"
MADE_HOOK = """LoggingTensorHook(
        dict(utils.summaries), summary_dir=params['model_dir'],
        every_n_iter=params['every_n_iter'])"""
MADE_LOGS = f"""    training_hooks.extend([
      {MADE_HOOK},
      ExamplesPerSecondEstimatorHook(
        params['batch_size'], every_n_steps=params['every_n_iter'],
        output_dir=params['model_dir'])
    ])
"""
BATCH = "    params['batch_size'] = FLAGS.train_batch_size\n"
INTERVAL = "    params['every_n_iter'] = FLAGS.log_every_n_steps\n"
WRITE = "    write_hparams_v1(FLAGS.model_dir, FLAGS.flag_values_dict())\n"
EVAL = "  elif FLAGS.mode == 'eval':\n"
TAKEN = "from horovod_estimator import hvd\n"
ENABLED = "from TensorFlow.common.horovod_helpers import hvd, horovod_enabled\n"
LOAD = "from habana_frameworks.tensorflow import load_habana_module\n"
UPSAMPLING = "def nearest_upsampling(data, scale):"
TPU = "flags.DEFINE_bool('use_tpu', True, 'Use"
ANCHOR = "flags.DEFINE_bool('eval_after_training', False, 'Run"
TAG = "tag='avg/{}'.format(tag)"
UNLOGGED = {
    "det_model_fn-4": "",
    "det_model_fn-5": "only det_model_fn-7, which does not fit, would use it",
    "det_model_fn-7": "",
}
REBOUND = "binds `hvd` to something else"


def scaled(height: str, width: str, parameters: str) -> Drift:
    """Upsampling with other names for its scale."""

    def swaps(ones: str) -> tuple[tuple[str, str, str], ...]:
        return (
            (ARCH, UPSAMPLING, UPSAMPLING.replace("scale", parameters)),
            (ARCH, f"[{ones}, scale, 1, scale, 1]", f"[{ones}, {height}, 1, {width}, 1]"),
            (ARCH, "h * scale, w * scale, c", f"h * {height}, w * {width}, c"),
        )

    return Drift(swaps("1, 1"), swaps("1 * 1"))


def logged(call: str, made: str = "") -> Drift:
    """Another call of the hook that logs, and what the edits make of it; "" for nothing."""
    swaps = ((MODEL, HOOK, call),)
    return Drift(swaps, ((MODEL, MADE_HOOK, made),)) if made else Drift(swaps, unfit=UNLOGGED)


def finished(*swaps: tuple[str, str, str], ids: str) -> Drift:
    """Edits that were made already, otherwise than the document has them."""
    then = ((path, MADE_LOGS if path == MODEL else ENABLED, new) for path, _, new in swaps)
    return Drift(swaps, tuple(then), done=ids.split())


# What is right for each of these was agreed on before the engine did it.
KNOWN = {
    "an addition stands in another branch": Drift(((MAIN, EVAL, f"{EVAL}{INTERVAL}{WRITE}"),)),
    "the package under its own name": Drift(
        (
            (HOOKS, "import matplotlib as mpl\n", "import matplotlib\n"),
            (HOOKS, "mpl.use('Agg')\n", "matplotlib.use('Agg')\n"),
        ),
        (),
    ),
    "done, with one argument more": finished(
        (
            MODEL,
            LOGS,
            MADE_LOGS.replace("['model_dir'])\n", "['model_dir'], log_global_step=True)\n"),
        ),
        ids="det_model_fn-4 det_model_fn-7",
    ),
    "in an elif": asked(
        MAIN,
        "    if {}:\n        config.inter_op_parallelism_threads",
        "    if FLAGS.use_amp:\n        config.inter_op_parallelism_threads = 1\n"
        "    elif {}:\n        config.inter_op_parallelism_threads",
    ),
    "a further clause on the same name": asked(
        UTIS, "    if {}:\n        return", "    if {} and hvd.is_initialized():\n        return"
    ),
    "a wider except": Drift(((UTIS, "except ImportError:", "except (ImportError, OSError):"),), ()),
    "absl's other name": Drift(
        (
            (MAIN, TPU, TPU.replace("bool", "boolean")),
            (MAIN, ANCHOR, ANCHOR.replace("bool", "boolean")),
        ),
        (
            (
                MAIN,
                TPU.replace("True", "False"),
                TPU.replace("bool('use_tpu', True", "boolean('use_tpu', False"),
            ),
            (MAIN, ANCHOR, ANCHOR.replace("bool", "boolean")),
        ),
    ),
    "an f-string": Drift(((HOOKS, TAG, "tag=f'avg/{tag}'"),), ()),
    "another argument of the call": logged(
        HOOK.replace("utils.summaries", "utils.get_scalar_summaries()"),
        MADE_HOOK.replace("utils.summaries", "utils.get_scalar_summaries()"),
    ),
    "a key that is gone": refused(
        HPARAMS,
        "  h.use_bfloat16 = True\n",
        "",
        main_5="needs the key `use_bfloat16`, which `default_detection_configs` in "
        "efficientdet/hparams_config.py does not set",
    ),
    "loaded in a function": refused(
        MAIN,
        "  hvd_try_init()\n",
        f"  if FLAGS.use_amp:\n    {LOAD}    load_habana_module()\n  hvd_try_init()\n",
        main_2="calls `load_habana_module` already",
    ),
    "bound on a condition": refused(
        LOADER, TAKEN, f"{TAKEN}if tf:\n  hvd = None\n", dataloader_1=REBOUND, dataloader_2=REBOUND
    ),
    "exported": refused(
        HOOKS,
        "np.seterr(",
        "__all__ = ['confusion_matrix']\nnp.seterr(",
        hooks_3="`confusion_matrix` is in `__all__`",
    ),
}


def committed(tree: Path, files: Files) -> None:
    for path, content in files.items():
        (tree / path).write_bytes(content)
    git(tree, "commit", "--quiet", "--all", "--message", "drift")


def states(tree: Path) -> Mapping[str, str]:
    found = json.loads(run("status", tree, "--json").stdout)
    return {rule["id"]: rule["state"] for rule in found["rules"]}


@pytest.mark.parametrize("name", KNOWN)
def test_the_commands_say_and_do_what_is_right(name: str, pristine: Path, upstream: Path) -> None:
    drift = KNOWN[name]
    before, after = drift.before(pristine), drift.after(pristine)
    committed(upstream, before)
    rest = ALL - drift.unfit.keys() - {*drift.done}
    expected = {**dict.fromkeys(drift.unfit, "drifted"), **dict.fromkeys(drift.done, "applied")}
    assert states(upstream) == {**dict.fromkeys(rest, "pending"), **expected}
    assert run("status", upstream).exit_code == (3 if drift.unfit else 1)

    made = run("apply", upstream, "--partial")
    files = sum(before[path] != after[path] for path in after)
    many = f"{len(rest)} of {RULES}" if drift.unfit else str(len(rest))
    more = f" ({len(drift.done)} already applied)" if drift.done else ""
    assert made.stdout == f"{upstream}: made {many} edits in {files} files{more}\n"
    assert made.exit_code == (3 if drift.unfit else 0)
    for line, (id_, why) in zip(made.stderr.splitlines(), sorted(drift.unfit.items()), strict=True):
        assert f": {id_}" in line
        assert why in line
        assert line.endswith(f"skip the rule with --skip {id_}")
    assert read(upstream) == after

    twice = run("apply", upstream, "--partial")
    none = f"nothing to do, {RULES} edits already applied"
    some = f"made 0 of {RULES} edits ({RULES - len(drift.unfit)} already applied)"
    assert twice.stdout == f"{upstream}: {some if drift.unfit else none}\n"
    assert (twice.exit_code, read(upstream)) == (made.exit_code, after)
    assert set(states(upstream).values()) == {"applied", *(("drifted",) if drift.unfit else ())}
    result = run("verify", upstream, "--json")
    edits, *others = json.loads(result.stdout)["checks"]
    assert edits["note"] == f"{RULES - len(drift.unfit)} of {RULES} edits"
    assert len(edits["findings"]) == len(drift.unfit)
    sound = {check["name"]: check["holds"] for check in others}
    assert [sound[name] for name in ("attribution", "names", "imports")] == [True] * 3
    assert (edits["holds"], result.exit_code) == ((False, 5) if drift.unfit else (True, 0))
    for line, id_ in zip(result.stderr.splitlines(), sorted(drift.unfit), strict=True):
        assert f": edits: {id_} " in line


@pytest.mark.parametrize("line", [1, 2, 20])
def test_bytes_of_another_encoding_are_an_error_of_their_tree(line: int, upstream: Path) -> None:
    other = shutil.copytree(upstream, upstream.with_name("other"), symlinks=True)
    lines = (upstream / MAIN).read_bytes().splitlines(keepends=True)
    lines.insert(line - 1, b"# \xa9 2020\n")
    (upstream / MAIN).write_bytes(b"".join(lines))
    said = f"{MAIN}:{line}: not valid Python (not utf-8), nothing was changed; "
    for command in (("status",), ("apply", "--partial", "--allow-dirty")):
        found = run(command[0], upstream, *command[1:])
        assert (found.exit_code, found.stdout) == (4, "")
        assert found.stderr == f"{said}correct the file, or restore the pinned version\n"
    both = run("status", upstream, other)
    assert both.exit_code == 4
    assert both.stdout == f"{other}: {RULES} pending\n"
    assert said in both.stderr
    assert len(both.stderr.splitlines()) == 1


def test_a_renamed_file_is_patched_and_named(pristine: Path, upstream: Path) -> None:
    now = UTIS.replace("utis", "util")
    git(upstream, "mv", UTIS, now)
    renamed = {
        path: content.replace(b".utis import", b".util import")
        for path, content in read(pristine).items()
        if path != UTIS
    }
    committed(upstream, renamed)
    made = run("apply", upstream, "--partial")
    assert (made.exit_code, made.stdout) == (0, f"{upstream}: {MADE}\n")
    assert made.stderr == f"{UTIS}: not found, using {now} instead\n"
    edited = Drift(()).after(pristine)
    assert (upstream / now).read_bytes() == edited[UTIS]
    for path in renamed:
        assert (upstream / path).read_bytes() == edited[path].replace(b".utis ", b".util ")
    assert run("verify", upstream).exit_code == 0
    assert run("apply", upstream).stdout == (
        f"{upstream}: nothing to do, {RULES} edits already applied\n"
    )


def test_a_tree_in_which_all_rules_are_absent_is_no_success(upstream: Path) -> None:
    for section in DOCUMENTED.sections:
        (upstream / section.path).write_text("")
    for path in (MAIN, MODEL):  # which would get what is added behind the imports
        (upstream / path).unlink()
    before = contents(upstream)
    assert set(states(upstream).values()) == {"absent"}
    for options in ((), ("--partial",)):
        made = run("apply", upstream, "--allow-dirty", *options)
        assert (made.exit_code, contents(upstream)) == (3, before)
        assert made.stderr.count(" is absent") == len(made.stderr.splitlines()) == RULES
    assert made.stdout == f"{upstream}: made 0 of {RULES} edits\n"
    assert run("verify", upstream).exit_code == 4


QUESTION = "    if {}:\n        "
RANK = QUESTION + "return hvd.rank() == 0"
OTHERWISE = RANK + "\n    else:\n        return True"
SHARDS = "num_shards = hvd.size()"
LOCALS = ("bs, h, w, c = data", "bs = -1 if bs is None else bs", "[bs, h * scale")
BROADCAST = "BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])"
TRAINED = "import HorovodEstimator, hvd_try_init, hvd_info_rank0, hvd"
FREE_HOOK = MADE_HOOK.replace("dict(utils.summaries)", "{}")
IMPORT = "except ImportError:"
# Of the rules that one of them takes along, where the name that it brings in is missing.
NEEDS = {
    name: {f"{name}-{item}": "" for item in items}
    for name, items in {"utis": range(1, 6), "det_model_fn": range(1, 4)}.items()
}
IMPORTERS = {
    LOADER: TAKEN,
    UTILS: TAKEN,
    NORM: "from horovod_estimator import hvd, hvd_info\n",
    MODEL: "from horovod_estimator import show_model",
    MAIN: "from horovod_estimator import HorovodEstimator",
}


def imported(package: str) -> Drift:
    """The package of the upstream imported by another name, in all files at once."""
    texts = {path: old.replace("horovod_estimator", package) for path, old in IMPORTERS.items()}
    swaps = tuple((path, old, texts[path]) for path, old in IMPORTERS.items())
    return Drift(swaps, tuple(each for each in swaps if each[0] in (MODEL, MAIN)))


def guarded(*alternative: str) -> Drift:
    """A question with an early return in place of its `else`."""
    test, then = alternative
    rest = f"    if {test}:\n        return True\n    return hvd.rank() == 0"
    made = rest.replace(test, then)
    swaps = ((UTIS, OTHERWISE.format("hvd is not None"), rest),)
    return Drift(swaps, ((UTIS, OTHERWISE.format("horovod_enabled()"), made),))


def caught(path: str, handler: str) -> Drift:
    """An import of Horovod whose failure is caught in another way."""
    return Drift(((path, IMPORT, handler),), ())


def flagged(definition: str) -> Drift:
    """The flag of main-3 defined in another way; `{}` stands for its default."""
    then = ((MAIN, TPU.replace("True", "False"), definition.format(False)),)
    return Drift(((MAIN, TPU, definition.format(True)),), then)


def anchored(definition: str) -> Drift:
    """The flag that those of main-7 follow, defined in another way."""
    return Drift(((MAIN, ANCHOR, definition),))


def tagged(text: str) -> Drift:
    """The tag of hooks-6 written in another way."""
    return Drift(((HOOKS, TAG, f"tag={text}"),), ())


def loaded(old: str, new: str) -> Drift:
    """The Habana module loaded by the upstream itself."""
    return refused(MAIN, old, new, main_2="already")


def rebound(statement: str) -> Drift:
    """The name that two rules count on bound again by a statement behind its import."""
    new = f"{TAKEN}{statement}\n"
    return refused(LOADER, TAKEN, new, dataloader_1=REBOUND, dataloader_2=REBOUND)


def exported(statements: str, why: str = "`confusion_matrix` is in `__all__`") -> Drift:
    """A name that hooks-3 drops offered to others by the module."""
    return refused(HOOKS, "np.seterr(", f"{statements}\nnp.seterr(", hooks_3=why)


FURTHER = {
    "elif: one in is_rank0": asked(
        UTIS, RANK, RANK.replace("if {}", "if tf is None:\n        return False\n    elif {}")
    ),
    "elif: one in hvd_info": asked(
        UTIS,
        QUESTION + "head = 'hvd rank",
        "    if not msg:\n        head = ''\n    elif {}:\n        head = 'hvd rank",
    ),
    "elif: one in a method": asked(
        LOADER, "    if {}:\n", "    if not self._is_training:\n      pass\n    elif {}:\n"
    ),
    "elif: one with the optimizer": Drift(
        (
            (
                MODEL,
                "if not isinstance(optimizer, hvd._DistributedOptimizer):",
                "if mode is None:\n        pass\n"
                "    elif not isinstance(optimizer, hvd._DistributedOptimizer):",
            ),
        ),
        (
            (
                MODEL,
                "    if horovod_enabled():\n        optimizer",
                "    if mode is None:\n        pass\n"
                "    elif horovod_enabled():\n        optimizer",
            ),
        ),
    ),
    "elif: one that gets an else": asked(
        MAIN,
        QUESTION + SHARDS,
        "    if FLAGS.use_tpu:\n        pass\n    elif {}:\n        " + SHARDS,
    ),
    "elif: one of two clauses": Drift(
        (
            (
                UTIS,
                "    if not IS_HVD_INIT and hvd is not None:",
                "    if tf is None:\n        pass\n    elif not IS_HVD_INIT and hvd is not None:",
            ),
        ),
        (
            (
                UTIS,
                "    if not IS_HVD_INIT and horovod_enabled():",
                "    if tf is None:\n        pass\n    elif not IS_HVD_INIT and horovod_enabled():",
            ),
        ),
    ),
    "elif: one behind it": asked(
        MAIN,
        QUESTION + "config.gpu_options.visible_device_list = str(hvd.local_rank())\n",
        QUESTION + "config.gpu_options.visible_device_list = str(hvd.local_rank())\n"
        "    elif use_xla:\n        pass\n",
    ),
    "early return": guarded("hvd is None", "not horovod_enabled()"),
    "early return on one of two": guarded(
        "hvd is None or not hvd.is_initialized()",
        "not horovod_enabled() or not hvd.is_initialized()",
    ),
    "scales: sy and sx": scaled("sy", "sx", "sy, sx"),
    "scales: height and width": scaled("height_scale", "width_scale", "height_scale, width_scale"),
    "scales: one of another name": scaled("factor", "factor", "factor"),
    "scales: converted": scaled("int(rows)", "int(columns)", "rows, columns=2"),
    "scales: no dtype": Drift(((ARCH, "scale, 1], dtype=data.dtype)", "scale, 1])"),)),
    "scales: dtype by position": Drift(
        ((ARCH, "scale, 1], dtype=data.dtype)", "scale, 1], data.dtype)"),)
    ),
    "scales: a name of its own": Drift(
        ((ARCH, "[bs, h, 1, w, 1, c])", "[bs, h, 1, w, 1, c], name='split')"),),
        ((ARCH, "[bs * h, 1, w, 1, c])", "[bs * h, 1, w, 1, c], name='split')"),),
    ),
    "scales: a local variable of another name": Drift(
        tuple((ARCH, old, old.replace("bs", "n")) for old in (*LOCALS, "[bs, h, 1, w, 1, c]")),
        tuple((ARCH, old, old.replace("bs", "n")) for old in (*LOCALS, "[bs * h, 1, w, 1, c]")),
    ),
    "scales: of other dimensions": refused(
        ARCH,
        "[1, 1, scale, 1, scale, 1]",
        "[1, 1, 1, scale, 1, scale]",
        efficientdet_arch_1="expected `[1, 1, scale, 1, scale, 1]`",
    ),
    "clause: the number of workers": asked(UTIS, RANK, RANK.replace("{}", "{} and hvd.size() > 1")),
    "clause: in front": asked(
        LOADER, "    if {}:\n", "    if self._is_training and {} and hvd.size() > 1:\n"
    ),
    "clause: of a flag": asked(
        MAIN,
        QUESTION + "config.gpu_options",
        "    if {} and not FLAGS.use_tpu:\n        config.gpu_options",
    ),
    "clause: a third one": Drift(
        (
            (
                UTIS,
                "not IS_HVD_INIT and hvd is not None:",
                "not IS_HVD_INIT and hvd is not None and tf:",
            ),
        ),
        (
            (
                UTIS,
                "not IS_HVD_INIT and horovod_enabled():",
                "not IS_HVD_INIT and horovod_enabled() and tf:",
            ),
        ),
    ),
    "clause: an alternative": refused(
        UTIS,
        "    if hvd is not None:\n        return",
        "    if hvd is not None or tf:\n        return",
        utis_2="expected `hvd is not None`",
    ),
    "caught: any exception, named": caught(PACKAGE, "except Exception as error:"),
    "caught: everything": caught(HOOKS, "except:"),
    "caught: by two handlers": caught(UTIS, f"{IMPORT}\n    hvd = None\nexcept OSError:"),
    "caught: among others, named": caught(HOOKS, "except (AttributeError, ImportError) as error:"),
    "caught: the more exact": caught(PACKAGE, "except ModuleNotFoundError:"),
    "caught: another": refused(
        HOOKS,
        IMPORT,
        "except OSError:",
        hooks_1="found `OSError`, expected `ImportError`",
    ),
    "caught: and logged": Drift(
        ((UTIS, IMPORT, f"{IMPORT}\n    print('alone')"),), unfit=NEEDS["utis"]
    ),
    "flag: of tf": flagged("tf.flags.DEFINE_bool('use_tpu', {}, 'Use"),
    "flag: of tf.app": flagged("tf.app.flags.DEFINE_boolean('use_tpu', {}, 'Use"),
    "flag: by keyword": flagged("flags.DEFINE_boolean('use_tpu', default={}, help='Use"),
    "flag: all by keyword": anchored(
        "flags.DEFINE_boolean(name='eval_after_training', default=False, help='Run"
    ),
    "flag: the anchor of tf": anchored(
        ANCHOR.replace("flags.DEFINE_bool", "tf.flags.DEFINE_boolean")
    ),
    "flag: the anchor by another default": anchored(ANCHOR.replace("False", "True")),
    "flag: another default": refused(
        MAIN,
        TPU,
        TPU.replace("True", "None"),
        main_3="is None, expected True",
    ),
    "tag: by a percent sign": tagged("'avg/%s' % tag"),
    "tag: in a tuple": tagged("'avg/%s' % (tag,)"),
    "tag: by a plus": tagged("'avg/' + tag"),
    "tag: by number": tagged("'avg/{0}'.format(tag)"),
    "tag: by name": tagged("'avg/{name}'.format(name=tag)"),
    "tag: another": refused(
        HOOKS, TAG, "tag=f'mean/{tag}'", hooks_6="expected `'avg/{}'.format(tag)`"
    ),
    "tag: of another format": refused(
        HOOKS, TAG, "tag=f'avg/{tag:>9}'", hooks_6="expected `'avg/{}'.format(tag)`"
    ),
    "argument: of a function": logged(
        HOOK.replace("dict(utils.summaries)", "utils.find()"), FREE_HOOK.format("utils.find()")
    ),
    "argument: written out": logged(
        HOOK.replace("dict(utils.summaries)", "{'loss': total_loss}"),
        FREE_HOOK.format("{'loss': total_loss}"),
    ),
    "argument: another folder": logged(
        HOOK.replace("params['model_dir']", "FLAGS.model_dir"),
        MADE_HOOK.replace("params['model_dir']", "FLAGS.model_dir"),
    ),
    "argument: by position": logged(HOOK.replace("summary_dir=", ""), MADE_HOOK),
    "argument: the other way round": logged(
        "LoggingTensorHook(summary_dir=params['model_dir'], named_tensor=dict(utils.summaries))",
        MADE_HOOK,
    ),
    "argument: no folder": logged(HOOK.replace("params['model_dir']", "None")),
    "argument: an interval": logged(HOOK.replace("'])", "'], every_n_iter=50)")),
    "argument: an interval by position": logged(
        HOOK.replace("summary_dir=params['model_dir']", "params['model_dir'], 50")
    ),
    "argument: anything": logged("LoggingTensorHook(dict(utils.summaries), **options)"),
    "argument: the hook that broadcasts": Drift(
        ((MODEL, BROADCAST, BROADCAST.replace("'])", "'], device='/cpu:0')")),)
    ),
    "argument: another rank": refused(
        MODEL,
        BROADCAST,
        BROADCAST.replace("=0", "=1"),
        det_model_fn_3="found `1`, expected `0`",
    ),
    "argument: next to the interval": Drift(
        (
            (
                MAIN,
                "save_checkpoints_steps=600)",
                "save_checkpoints_steps=600, keep_checkpoint_max=3)",
            ),
        ),
        (
            (
                MAIN,
                "steps=FLAGS.cp_every_n_steps)",
                "steps=FLAGS.cp_every_n_steps, keep_checkpoint_max=3)",
            ),
        ),
    ),
    "branch: one line in an elif": Drift(((MAIN, EVAL, f"{EVAL}{INTERVAL}"),)),
    "branch: a call in an elif": Drift(((MAIN, EVAL, f"{EVAL}{WRITE}"),)),
    "branch: in an else": Drift(
        ((MAIN, EVAL, f"  else:\n{INTERVAL}  if FLAGS.mode == 'eval':\n"),)
    ),
    "branch: in the one for evaluation": Drift(
        (
            (
                MODEL,
                "  moving_average_decay = params",
                "  else:\n    utils.scalar('loss', total_loss)\n\n  moving_average_decay = params",
            ),
        )
    ),
    "branch: a call in another function": Drift(
        ((MAIN, "def main(argv):\n", f"def more():\n{WRITE}\n\ndef main(argv):\n"),),
        unfit={
            "main-16": "only main-17, which does not fit, would use it",
            "main-17": "calls `write_hparams_v1` already",
        },
    ),
    "package: under a third name": Drift(
        (
            (HOOKS, "import matplotlib as mpl\n", "import matplotlib as m\n"),
            (HOOKS, "mpl.use('Agg')\n", "m.use('Agg')\n"),
        ),
        (),
    ),
    "package: by keyword": Drift(((HOOKS, "mpl.use('Agg')\n", "mpl.use(backend='Agg')\n"),), ()),
    "package: its function alone": Drift(
        (
            (HOOKS, "import matplotlib as mpl\n", "from matplotlib import use\n"),
            (HOOKS, "mpl.use('Agg')\n", "use('Agg')\n"),
        ),
        (
            (
                HOOKS,
                "import matplotlib.pyplot as plt\nimport numpy",
                "from matplotlib import use\nimport matplotlib.pyplot as plt\nimport numpy",
            ),
            (HOOKS, "mpl.use('Agg')\n", "use('Agg')\n"),
        ),
        unfit={"hooks-4": "does what `mpl.use('Agg')` does"},
        done=["hooks-2"],
    ),
    "package: forced": Drift(
        ((HOOKS, "mpl.use('Agg')\n", "mpl.use('Agg', force=True)\n"),),
        unfit={
            "hooks-2": "`mpl` is still used in this file",
            "hooks-4": "has `force=True` as well",
        },
    ),
    "done: another argument of the hook": finished(
        (MODEL, LOGS, MADE_LOGS.replace("_iter']),", "_iter'], use_all_reduce=True),")),
        ids="det_model_fn-4 det_model_fn-7",
    ),
    "done: more names from there": finished(
        (
            LOADER,
            TAKEN,
            "from TensorFlow.common.horovod_helpers import horovod_enabled, hvd, hvd_size\n",
        ),
        ids="dataloader-1",
    ),
    "done: the package with more names": Drift(
        (
            (
                PACKAGE,
                f"try:\n    import horovod.tensorflow as hvd\n{IMPORT}\n    hvd = None\n",
                ENABLED.replace("hvd,", "hvd, hvd_init,"),
            ),
        ),
        ((PACKAGE, ENABLED, ENABLED.replace("hvd,", "hvd, hvd_init,")),),
        done=["init-1"],
    ),
    "done: a wider default": refused(
        MAIN,
        "'hparams', '',",
        "'hparams', 'num_classes=91,use_bfloat16=false,image_size=640',",
        main_5="expected ''",
    ),
    "key: under a condition": refused(
        HPARAMS,
        "  h.use_bfloat16 = True\n",
        "  if TPU:\n    h.use_bfloat16 = True\n",
        main_5="sets only at times",
    ),
    "key: another name": refused(
        HPARAMS,
        "  h.num_classes = 90\n",
        "  h.classes = 90\n",
        main_5="needs the key `num_classes`",
    ),
    "key: set otherwise": Drift(
        ((HPARAMS, "  h.use_bfloat16 = True\n", "  h.update(dict(use_bfloat16=True))\n"),)
    ),
    "key: no such model": refused(
        HPARAMS,
        "    'efficientdet-d0':\n",
        "    'efficientdet-b0':\n",
        main_6="needs the key `efficientdet-d0`",
    ),
    "key: a parameter that is gone": Drift(
        ((HOOKS, "every_n_iter=100, use_all_reduce", "use_all_reduce"),),
        unfit={**UNLOGGED, "det_model_fn-4": "needs the parameter `every_n_iter`"},
    ),
    "loaded: under a condition of the module": loaded(
        "FLAGS = flags.FLAGS\n",
        f"FLAGS = flags.FLAGS\nif os.name:\n  {LOAD}  load_habana_module()\n",
    ),
    "loaded: if it is there": loaded(
        "FLAGS = flags.FLAGS\n",
        f"FLAGS = flags.FLAGS\ntry:\n  {LOAD}  load_habana_module()\nexcept ImportError:\n  pass\n",
    ),
    "loaded: under another name": loaded(
        "  del argv",
        "  from TensorFlow.common.library_loader import load_habana_module as load\n"
        "  load()\n  del argv",
    ),
    "loaded: by its module": loaded(
        "  del argv",
        "  import habana_frameworks.tensorflow as htf\n  htf.load_habana_module()\n  del argv",
    ),
    "loaded: before other work": loaded(
        "    os.environ['CUDA_CACHE",
        f"    {LOAD}    load_habana_module()\n    os.environ['CUDA_CACHE",
    ),
    "bound: wrapped": rebound("hvd = Wrapper(hvd)"),
    "bound: deleted": rebound("del hvd"),
    "bound: by a function": rebound("def off():\n  global hvd\n  hvd = None\n"),
    "bound: from elsewhere": rebound("from fakes import hvd"),
    "bound: to a module": rebound("import fakes as hvd"),
    "bound: where it does not work": rebound(
        "try:\n  hvd.size()\nexcept ValueError:\n  hvd = None"
    ),
    "bound: in a test": rebound("print(hvd := None)"),
    "bound: in the file of the questions": Drift(
        ((UTIS, "\nglobal IS_HVD_INIT\nIS_HVD", "\nhvd = None\nglobal IS_HVD_INIT\nIS_HVD"),),
        unfit=dict.fromkeys(NEEDS["utis"], REBOUND),
    ),
    "bound: where it is imported with others": Drift(
        (
            (
                MODEL,
                "import show_model, hvd\n",
                "import show_model, hvd\nhvd = hvd if tf else None\n",
            ),
        ),
        unfit=NEEDS["det_model_fn"],
    ),
    "bound: the new name": refused(
        LOADER,
        TAKEN,
        f"{TAKEN}horovod_enabled = None\n",
        dataloader_1="binds a name that the edit imports",
        dataloader_2="binds `horovod_enabled` to something else",
    ),
    "bound: in another function": Drift(
        ((LOADER, "class InputReader", "def size(hvd):\n  return hvd\n\n\nclass InputReader"),)
    ),
    "bound: never": Drift(
        ((LOADER, TAKEN, f"{TAKEN}if False:\n  hvd = None\n"),),
        ((LOADER, ENABLED, f"{ENABLED}if False:\n  hvd = None\n"),),
    ),
    "exported: added": exported("__all__ = []\n__all__ += ['confusion_matrix']"),
    "exported: appended": exported("__all__ = []\n__all__.append('confusion_matrix')"),
    "exported: in a sum": exported("__all__ = ['plt'] + ['confusion_matrix']"),
    "exported: another name": Drift(((HOOKS, "np.seterr(", "__all__ = ['plt']\nnp.seterr("),)),
    "exported: from the package": refused(
        PACKAGE,
        "from .estimator import",
        "from .hooks import confusion_matrix\nfrom .estimator import",
        hooks_3="efficientdet/horovod_estimator/__init__.py imports `confusion_matrix` from here",
    ),
    "exported: to another file": refused(
        MODEL,
        "import utils\n",
        "import utils\nfrom horovod_estimator.hooks import mpl\n",
        hooks_2="efficientdet/det_model_fn.py imports `mpl` from here",
    ),
    "exported: as an attribute": refused(
        MODEL,
        "import utils\n",
        "import utils\nfrom horovod_estimator import hooks\nprint(hooks.confusion_matrix)\n",
        hooks_3="efficientdet/det_model_fn.py imports",
    ),
    "imports: relative": imported(".horovod_estimator"),
    "imports: by the package": imported("efficientdet.horovod_estimator"),
    "imports: fewer names": Drift(
        ((MAIN, TRAINED, TRAINED.replace("hvd_try_init, ", "")), (MAIN, "  hvd_try_init()\n", "")),
    ),
    "imports: a name that is dropped is lacking": Drift(
        ((NORM, "import hvd, hvd_info\n", "import hvd\n"),), ()
    ),
    "imports: a name is used that is not imported": Drift(
        ((MODEL, "import show_model, hvd\n", "import hvd\n"),), unfit=NEEDS["det_model_fn"]
    ),
    "dead: a question": Drift(
        (
            (
                UTIS,
                "IS_HVD_INIT = False\n",
                "IS_HVD_INIT = False\nif False:\n    if hvd is not None:\n        hvd.rank()\n",
            ),
        )
    ),
    "condition: a variable that is read behind it": refused(
        UTIS,
        OTHERWISE.format("hvd is not None"),
        "    if hvd is not None:\n        rank = hvd.rank()\n    return rank == 0",
        utis_2="`rank` is used elsewhere in `is_rank0`",
    ),
    "condition: a hook that is read behind it": refused(
        MODEL,
        "  training_hooks = [init_weights_hook]\n",
        "  training_hooks = [init_weights_hook]\n  print(init_weights_hook)\n",
        det_model_fn_3="`init_weights_hook` is used elsewhere in `_model_fn`",
    ),
}


@pytest.mark.parametrize("name", FURTHER)
def test_each_edit_is_right_or_refused_with_a_reason(name: str, pristine: Path) -> None:
    drift = FURTHER[name]
    before = drift.before(pristine)
    plan = engine.plan([DOCUMENTED], before)
    fits = dict.fromkeys(ALL - drift.unfit.keys(), State.PENDING)
    wanted = {**fits, **dict.fromkeys(drift.done, State.APPLIED)}
    assert standing(plan) == {**wanted, **dict.fromkeys(drift.unfit, State.DRIFTED)}
    for outcome in plan.outcomes:
        if outcome.id in drift.unfit:
            assert outcome.nearest
            assert drift.unfit[outcome.id] in outcome.nearest.why
    after = {**before, **{file.path: file.after for file in plan.files}}
    assert after == drift.after(pristine)
    then = engine.plan([DOCUMENTED], after)
    assert not then.changed
    assert {id_ for id_, state in standing(then).items() if state is not State.APPLIED} == {
        *drift.unfit
    }


def standing(plan: Plan) -> Mapping[str, State]:
    return {outcome.id: outcome.state for outcome in plan.outcomes}
