"""What the user made and may change: their own runs, imported models and ensembles, those that cannot be read too."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from fmnist.contenders import ensemble, imported, mirrored
from fmnist.contenders.contender import Contender, correct_answers
from fmnist.contenders.ensemble import Ensemble
from fmnist.contenders.finding import find_contender
from fmnist.contenders.imported import Imported
from fmnist.contenders.mirrored import Mirrored
from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.single_run import SingleRun
from fmnist.ensembles.mirrored import MIRRORED, START
from fmnist.ensembles.store import ENSEMBLES
from fmnist.errors import InputError
from fmnist.imports.store import IMPORTS, drop_model_file
from fmnist.naming import clean_name
from fmnist.runs.layout import read_stamp, user_store
from fmnist.runs.life_cycle import delete_run, drop_weights
from fmnist.runs.marks import NO_MARK, Mark, load_marks, parse_tags, save_mark
from fmnist.runs.reading import find_run, list_store
from fmnist.runs.run import BrokenRun, CompleteRun, Run, RunError, Stamp
from fmnist.runs.shelf import Shelf

_UNREADABLE = "unreadable"


@dataclass(frozen=True)
class OwnModel:
    """Something of the user's: a "run", "ensemble" or "imported" model.

    `accuracy` is the test accuracy, None without results. `state` is that of a run, "ready", or "unreadable" with the
    reason in `problem`. `disk_bytes` is what it takes on disk. `mark` has its tags, and whether it is hidden.
    """

    key: str
    kind: str
    title: str
    state: str
    accuracy: float | None
    disk_bytes: int
    problem: str = ""
    has_weights: bool = False
    mark: Mark = NO_MARK

    @property
    def can_be_renamed(self) -> bool:
        """Whether it has a name of its own; a run is called after what it trains, and mirrored after its run."""
        return self.kind not in (SingleRun.kind, Mirrored.kind) and self.state != _UNREADABLE

    @property
    def can_drop_weights(self) -> bool:
        """Whether its weights can go: a training that may go on needs them."""
        return self.has_weights and self.state in ("finished", "ready")


def list_own() -> list[OwnModel]:
    """Return what is the user's own, hidden or not: imported models, ensembles, then runs, the newest run first."""
    store, kinds = user_store().resolve(), (ensemble.KIND, mirrored.KIND, imported.KIND)
    listings = [kind.list_all() for kind in kinds]
    listed = [one for listing in listings for one in listing.contenders]  # whatever they were tested on
    others = [_describe(one, directory) for one in listed if _is_own(directory := _place(one), store)]
    broken = [
        OwnModel(one.key, one.kind, one.key, _UNREADABLE, None, measure_directory(one.directory), one.problem)
        for listing in listings
        for one in listing.unusable
        if _is_own(one.directory, store)
    ]
    runs = sorted(list_store(user_store()), key=_queued, reverse=True)
    found = [*sorted(others, key=lambda one: (one.kind, one.title.casefold())), *broken, *map(_describe_run, runs)]
    marks = load_marks()
    return [replace(one, mark=marks.get(one.key, NO_MARK)) for one in found]


def tag_own(models: Sequence[OwnModel], text: str) -> None:
    """Give models the tags that a text names, separated by commas; a tag that all of them had and that is gone is lost.

    Raises:
        InputError: if a model would have too many tags, or the store cannot be written.
    """
    given, shared = set(parse_tags(text)), set(shared_tags(models))
    tagged = [(one, parse_tags(",".join(set(one.mark.tags) - shared | given))) for one in models]
    for one, tags in tagged:
        save_mark(one.key, replace(one.mark, tags=tags))


def shared_tags(models: Sequence[OwnModel]) -> tuple[str, ...]:
    """Return the tags that all models have."""
    return tuple(tag for tag in models[0].mark.tags if all(tag in one.mark.tags for one in models))


def hide_own(models: Sequence[OwnModel], *, hidden: bool) -> None:
    """Hide models everywhere but on the Models page, or show them again; raises InputError."""
    for one in models:
        save_mark(one.key, replace(one.mark, hidden=hidden))


def rename_own(key: str, name: str) -> str:
    """Give an imported model or an ensemble another name, and return its title; its key stays.

    Raises:
        InputError: if the name holds no letter or digit, or there is no such model of the user's.
    """
    cleaned = clean_name(name)
    if not cleaned:
        raise InputError("Give the model a name with letters or digits.")
    shelf = _shelf_of(key)
    if shelf is None or shelf is MIRRORED:
        raise InputError(f"{key!r} is neither an imported model nor an ensemble.")
    shelf.rename(key, cleaned)
    return find_contender(key).title


def delete_own(key: str) -> None:
    """Delete an imported model, an ensemble or one of the user's own runs, those that cannot be read too.

    Raises:
        InputError: if it is not the user's own, or cannot be removed.
        RunError: the same of a run, or it is being trained.
    """
    shelf, own = _shelf_of(key), {run.id: run for run in list_store(user_store())}
    if shelf is not None:
        shelf.delete(key)
    elif key in own:
        delete_run(own[key])
    else:
        found = find_contender(key)
        if not isinstance(found, OfRuns) or found.kind != SingleRun.kind:
            raise InputError(f"{key} has several runs: delete each by its own key.")
        delete_run(found.runs[0])
    save_mark(key, NO_MARK)


def drop_own_weights(key: str) -> None:
    """Remove the weights of a finished run, or the file of an imported model; the results stay.

    Raises:
        InputError: if it is not the user's own, or a training may go on.
        RunError: if there is no such run, or its results cannot be read.
    """
    if _shelf_of(key) is IMPORTS:
        drop_model_file(key)
        return
    run = find_run(key)
    if not _is_own(run.directory, user_store().resolve()):
        raise InputError(f"{key} is not one of your own runs and stays.")
    if run.state != "finished":
        raise InputError(f"{key} is {run.state}: its training may go on, which needs the weights.")
    drop_weights(run)


def measure_directory(directory: Path) -> int:
    """Return the bytes of the files in a directory; 0 where it cannot be read."""
    return _measured(directory, read_stamp(directory))


def _describe(model: Contender, directory: Path) -> OwnModel:
    try:
        accuracy = float(correct_answers(model).mean())
    except (RunError, InputError) as error:
        size = measure_directory(directory)
        return OwnModel(model.key, model.kind, model.title, _UNREADABLE, None, size, str(error))
    served = isinstance(model, Imported) and model.served is not None
    size = measure_directory(directory)
    return OwnModel(model.key, model.kind, model.title, "ready", accuracy, size, has_weights=served)


def _describe_run(run: Run) -> OwnModel:
    size = measure_directory(run.directory)
    if isinstance(run, BrokenRun):
        return OwnModel(run.id, SingleRun.kind, run.id, _UNREADABLE, None, size, run.problem)
    accuracy = run.evaluation.test_accuracy if isinstance(run, CompleteRun) else None
    title, weights = SingleRun(run).title, bool(run.weights or run.served)
    return OwnModel(run.id, SingleRun.kind, title, run.state, accuracy, size, run.reason, weights)


def _place(model: Contender) -> Path:
    return model.item.directory if isinstance(model, Imported | Ensemble | Mirrored) else user_store()


def _is_own(directory: Path, store: Path) -> bool:
    return store in directory.resolve().parents


def _queued(run: Run) -> float:
    return 0.0 if isinstance(run, BrokenRun) else run.status.queued


def _shelf_of(key: str) -> Shelf[Any] | None:
    shelves: Sequence[tuple[str, Shelf[Any]]] = (("import-", IMPORTS), ("ensemble-", ENSEMBLES), (START, MIRRORED))
    return next((shelf for start, shelf in shelves if key.startswith(start)), None)


@lru_cache(maxsize=10_000)
def _measured(directory: Path, stamp: Stamp) -> int:  # noqa: ARG001
    try:
        with os.scandir(directory) as entries:
            return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)
    except OSError:
        return 0
