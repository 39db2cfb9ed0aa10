"""Two workers with the vendor's own `TensorFlow.common` on the path: one training, or a refusal."""

from pathlib import Path
from textwrap import dedent

import pytest

from tests.commands import git, run
from tests.references import branch_of, file_of
from tests.training.test_train import SIZE, patch

COMMON = "TensorFlow/common/"
USED = "vendor: used in place of effpatch's runtime"
LACKS = "vendor/TensorFlow: lacks TensorFlow.common.library_loader, so"
USED = "vendor: used in place of effpatch's runtime"
# What the modules of 1.0.1 ask of Habana's library when they start Horovod; that of this release is
# in no package index.
LIBRARY = {
    "__init__.py": """\
        habana_ops = None
        class sysconfig:
            def get_lib_dir(): return ""
        def load_habana_module(): pass
        """,
    "multinode_helpers.py": """\
        import os
        def _setup_env_for_multinode(required): pass
        def comm_rank(): return int(os.environ["HOROVOD_RANK"])
        """,
}


def modules_of(release: str, folder: Path) -> None:
    """Put the vendor's `TensorFlow.common` of a release into a folder of the path."""
    clone, branch = branch_of(release)
    (folder / COMMON).mkdir(parents=True)
    for path in git(clone, "ls-tree", "--name-only", branch, COMMON).split():
        if path.endswith(".py"):
            (folder / path).write_text(file_of(release, path), "utf-8")


def add_library(folder: Path) -> None:
    package = folder / "habana_frameworks" / "tensorflow"
    package.mkdir(parents=True)
    for name, text in LIBRARY.items():
        (package / name).write_text(dedent(text))


def trained_with(
    tree: Path, stack: Path, *more: str, document: str = "documented"
) -> tuple[int, str, str]:
    """Exit code, errors and log of a training of two workers with the modules next to the tree."""
    patch(tree, *more, document=document)
    vendor, folder = tree.parent / "vendor", tree.parent / "model"
    packs = [word for name in (document, "tensorflow_2_15", *more) for word in ("--pack", name)]
    options = ["--np", "2", "--stack", str(stack), "--device", "cpu", "--sample-data", *packs]
    flags = (SIZE, f"--model_dir={folder}", "--num_examples_per_epoch=80")
    with pytest.MonkeyPatch.context() as variables:
        variables.setenv("PYTHONPATH", str(vendor))
        done = run("train", tree, *options, "--pass-env", "PYTHONPATH", "--", *flags)
    return done.exit_code, done.stderr, (folder / "train.log").read_text()


def savers(log: str) -> set[str]:
    """The workers that saved checkpoints, as the launcher marks their lines."""
    return {line[:3] for line in log.splitlines() if "Saving checkpoints" in line}


@pytest.mark.parametrize(
    ("release", "document", "note"),
    [
        ("1.0.1", "documented", USED),
        ("1.2.0", "documented", LACKS),
        ("1.4.0", "documented", LACKS),
        ("1.2.0", "documented_1_1", USED),
        ("1.4.0", "documented_1_4", USED),
    ],
)
def test_two_workers_are_one_training(
    release: str, document: str, note: str, miniature: Path, stack: Path
) -> None:
    modules_of(release, miniature.parent / "vendor")
    if document == "documented":  # the program of the others would take its loader
        add_library(miniature.parent / "vendor")
    code, errors, log = trained_with(miniature, stack, "supplement", document=document)
    assert code == 0, errors
    assert f"{miniature.parent}/{note}" in errors
    assert "first of 2 workers" in log
    assert savers(log) == {"[0]"}


def test_workers_that_nobody_starts_are_ended(miniature: Path, stack: Path) -> None:
    """Those of 1.0.1 without `supplement`."""
    modules_of("1.0.1", miniature.parent / "vendor")
    add_library(miniature.parent / "vendor")
    code, errors, _ = trained_with(miniature, stack)
    assert code == 5
    assert "the workers do not train one model together: workers 0 and 1 save checkpoi" in errors


def test_modules_that_want_the_library_end_the_run_without_it(miniature: Path, stack: Path) -> None:
    modules_of("1.0.1", miniature.parent / "vendor")
    code, errors, _ = trained_with(miniature, stack, "supplement")
    assert code == 5
    assert "'habana_frameworks" in errors
