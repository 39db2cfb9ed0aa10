"""A detector from its data to a picture of what it detects, each in a place of one folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from patcher.errors import TrainingError
from patcher.model import Runtime
from patcher.training import processes
from patcher.training.isolation import program_command
from patcher.training.preparation import prepared
from patcher.training.program import SMALL_MODEL, sample_flags, write_samples
from patcher.training.session import Session
from patcher.training.stack import run_script

FILES, BATCH = 32, 8  # of sample data to train on, and of pictures in a step
_INSPECTOR = "model_inspect.py"  # beside the program; it exports models
_SIDE = "128"  # pixels, as in SMALL_MODEL


@dataclass(frozen=True, slots=True)
class Detector:
    """A small model of a patched tree's program, that learns to detect coloured shapes.

    Attributes:
        folder: Where everything about it goes.
        runtime: Modules that the program imports, where nothing else has them.
        steps: How long it is trained.
        pass_env: The variables to pass on besides those on the list.
    """

    program: Path
    python: Path
    folder: Path
    runtime: Runtime | None
    steps: int
    pass_env: tuple[str, ...] = ()

    @property
    def pictures(self) -> Path:
        """Those that it is not trained on; written by `training`."""
        return self.folder / "data" / "unseen"

    def training(self) -> Session:
        """What trains it, on data that is written."""
        examples = f"--num_examples_per_epoch={BATCH * (self.steps - 1)}"
        often = max(1, self.steps // 100)
        batch = f"--train_batch_size={BATCH}"
        write_samples(self.python, self.folder / "data", FILES)
        return self._session(batch, examples, f"--log_every_n_steps={often}")

    def evaluation(self) -> Session:
        """What evaluates it on pictures that it has not seen."""
        return self._session("--mode=eval")

    def _session(self, *flags: str) -> Session:
        data, model = sample_flags(self.folder / "data"), self.folder / "model"
        arguments = (*SMALL_MODEL, *data, *flags, f"--model_dir={model}")
        session = Session(
            *(self.program, self.python, model, arguments),
            device="cpu",
            runtime=self.runtime,
            pass_env=self.pass_env,
        )
        return prepared(session, sample_data=False)

    def export(self) -> Path:
        """Export it; gives the folder of the saved model.

        Raises:
            TrainingError: That failed.
        """
        exported, log = self.folder / "exported", self.folder / "export.log"
        inspector = self.program.with_name(_INSPECTOR)
        flags = (
            "--runmode=saved_model",
            "--model_name=efficientdet-d0",
            f"--input_image_size={_SIDE}",
            f"--ckpt_path={self.folder / 'model'}",
            f"--saved_model_dir={exported}",
            "--undefok=logdir",  # the upstream empties that folder
            f"--logdir={self.folder / 'logs'}",
        )
        session = Session(inspector, self.python, self.folder, flags, runtime=self.runtime)
        variables = {**session.environment, "EFFPATCH_DEVICE": "cpu"}
        command = program_command(self.python, inspector, variables["PYTHONPATH"], *flags)

        def note(line: str) -> None:
            processes.append(log, line)

        code = processes.run(command, variables, note, self.python.parent)
        if code or not (exported / "saved_model.pb").is_file():
            found = f"{_INSPECTOR} ended with exit code {code}"
            raise TrainingError(str(log), found, "a saved model", "read there what it printed")
        return exported

    def draw(self, exported: Path) -> tuple[Path, int, int]:
        """Draw what an exported model detects on pictures that it has not seen.

        Returns:
            The picture, the number of shapes in it, and how many of them were detected.

        Raises:
            StackError: That failed.
        """
        drawn = self.folder / "detections.png"
        words = (exported, self.pictures, f"{self.pictures}.json", drawn)
        found = json.loads(run_script(self.python, "detections", *map(str, words)))
        return drawn, found["shapes"], found["detected"]
