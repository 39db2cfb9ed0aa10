"""What is checked before a run, on this machine and on others, and what is written for it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from patcher.errors import StackError
from patcher.training import HOROVODRUN, closure, device, flags, hosts, mpi, program, runtime
from patcher.training.fitness import Wanted
from patcher.training.launchers import Launch
from patcher.training.limits import exceeded
from patcher.training.preflight import Report, inspect
from patcher.training.progress import Progress, losses_in
from patcher.training.session import Session
from patcher.training.stack import installed

_SAMPLES = "sample-data"
# How hosts get the modules that a program runs.
_TREE = "copy the patched tree there, or share its folder"
_RUNTIME = "install effpatch in the same place there, or apply with --with-runtime"


def planned(session: Session, *, sample_data: bool, options: Collection[str] = ()) -> Session:
    """Check that all is there which a run needs; gives the one to run. Nothing is changed.

    Its results go to the folder, unless its arguments say. With `sample_data`, it trains on such
    data there, which `prepared` writes. Other hosts are not looked at. The `options` are those of
    the command, for a user who gives them to the program.

    Raises:
        PatchError: The environment lacks something, or there is nothing to train on.
    """
    launch, arguments = session.launch, session.arguments
    flags.require_known(session.program, arguments, options)
    program.require_mode(arguments)
    _require_device(session, require_modules(session.python, session.launch))
    session.command()
    mpi.require(session.python, launch, session.environment)
    runtime_first, note = _place_runtime(session)
    folder, results = program.destination(arguments, session.folder)
    program.require_model(arguments, launch.workers)
    is_here = not hosts.others(launch.hosts)
    program.require_data(arguments, launch.workers, here=is_here, has_samples=sample_data)
    ours = (f"--model_dir={results}", *program.once(session.program, arguments))
    if sample_data:
        ours += program.sample_arguments(folder / _SAMPLES, launch.workers)
    return replace(
        session,
        folder=folder,
        arguments=(*ours, *arguments),
        runtime_first=runtime_first,
        progress=Progress(
            program.last_step(session.program, (*ours, *arguments), launch.workers),
            earlier=losses_in(folder / session.log.name),
            places=launch.places,
        ),
        results=results,
        notes=(*filter(None, [note]), *_beyond(session, (*ours, *arguments))),
    )


def prepared(session: Session, *, sample_data: bool) -> Session:
    """Get everything ready that a run needs; gives the one to run, which `planned` gives.

    Its folder is made if it does not exist, and with `sample_data` such data is written there.

    Raises:
        PatchError: The environment lacks something, or there is nothing to train on.
    """
    ready = planned(session, sample_data=sample_data)
    provide(ready, sample_data=sample_data)
    return ready


def provide(ready: Session, *, sample_data: bool) -> None:
    """Make the folder of a session that is planned, and write what it needs there.

    Raises:
        PatchError: It cannot be made, or the stack has no TensorFlow that could write data.
    """
    ready.folder.mkdir(parents=True, exist_ok=True)
    if sample_data:
        files = program.sample_files(ready.launch.workers)
        program.write_samples(ready.python, ready.folder / _SAMPLES, files)


def look(session: Session, *, sample_data: bool, may_move: bool) -> Report:
    """What is found on the hosts of a session that is planned; on this machine where it has none.

    With `may_move`, the first worker may come to be on another host, which then has to have the
    checkpoints; with `sample_data`, all hosts need what is written here.
    """
    launch = session.launch
    shared = sample_data or (may_move and program.is_local(session.results))
    patterns = {} if sample_data else program.data_patterns(session.arguments)
    wanted = Wanted(
        launch.workers,
        folders={session.program.parent: _TREE, **_runtime_folder(session)},
        patterns=patterns,
        least={program.TRAINING: launch.workers},
        results=session.folder if shared else None,
        interface=launch.interface,
        over_gloo=launch.program == HOROVODRUN,
    )
    return inspect(launch.hosts, session.python, launch.ssh, wanted)


def _runtime_folder(session: Session) -> dict[Path, str]:
    runtime = session.runtime
    return {Path(os.path.abspath(runtime.folder)): _RUNTIME} if runtime else {}


def _beyond(session: Session, arguments: tuple[str, ...]) -> Iterator[str]:
    limits = () if program.evaluates(arguments) else session.limits
    return exceeded(limits, session.program, arguments)


def _place_runtime(session: Session) -> tuple[bool, str]:
    if not session.runtime:
        return False, ""
    path = session.users_environment.get("PYTHONPATH", "")
    return runtime.comes_first(session.python, session.program, path, session.runtime)


def require_modules(python: Path, launch: Launch) -> frozenset[str]:
    """Check that a Python has the modules that a run needs; gives others that it lacks.

    Raises:
        StackError: It lacks one, or cannot be run.
    """
    needed = ["tensorflow", "tensorflow_estimator", *(["horovod"] * launch.is_needed)]
    lacking = installed(python, *needed, device.LIBRARY).missing
    if absent := [name for name in needed if name in lacking]:
        missing = f"no module {' or '.join(absent)}"
        wanted = "TensorFlow 2.15 or older, which has estimators, and Horovod for several workers"
        advice = "name another environment with --stack or EFFPATCH_STACK, or make one with "
        advice += "`effpatch stack create`"
        raise StackError(str(python), missing, wanted, advice)
    return frozenset(lacking)


def _require_device(session: Session, lacking: Collection[str]) -> None:
    """Check that the Python of a session, which lacks some modules, can use its device here.

    Other hosts are not looked at.
    """
    launch, python = session.launch, session.python
    entries = session.environment["PYTHONPATH"].split(os.pathsep)
    path = (session.program.parent, *map(Path, entries))
    brought = any((folder / device.PACKAGE).is_file() for folder in path)  # another, not asked
    here = [host for host in launch.hosts if hosts.is_here(host.name)]
    workers = hosts.slots(here) if launch.hosts else launch.workers
    if workers and not brought:
        has_it, names = device.LIBRARY not in lacking, closure.loaded_by(session.program)
        loads = device.LIBRARY in names
        device.require(python, session.device, workers, installed=has_it, loads=loads)
