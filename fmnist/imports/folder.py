"""A folder of submissions, as of a class: each file is a model, and each folder in it a model with several files."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from fmnist.errors import InputError
from fmnist.imports.details import Details
from fmnist.imports.formats import EXTENSIONS, MOST_BYTES, Upload
from fmnist.imports.hidden import hidden_set
from fmnist.imports.importing import check_seeds, import_model
from fmnist.imports.records import ImportRecord
from fmnist.imports.store import IMPORTS, load_test
from fmnist.naming import clean_name
from fmnist.runs.run import RunError
from fmnist.runs.shelf import Item
from fmnist.wording import join

State = Literal["imported", "updated", "unchanged", "refused"]

STATES: tuple[State, ...] = ("imported", "updated", "unchanged", "refused")

_KEY_DIGITS = 12
_MEANT = (
    ".keras",
    ".tflite",
    ".onnx",
    ".h5",
    ".pt",
    ".pth",
    ".pkl",
    ".joblib",
    ".zip",
    ".xlsx",
)  # refused, not skipped


@dataclass(frozen=True)
class Submission:
    """What one team handed in: the name of its file or folder; its files, each a seed, or why these are not known."""

    shown: str
    name: str
    files: tuple[Path, ...]
    problem: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a submission: the key of the imported model, or why it was refused."""

    submission: Submission
    state: State
    key: str = ""
    problem: str = ""


def import_folder(folder: Path, details: Details) -> list[Outcome]:
    """Import every submission of a folder; one that cannot be used stops no other.

    A submission keeps its key when its file changes. One that has not changed since is left as it is.

    Args:
        folder: holds a file for each team, or a folder with the files of several seeds.
        details: what is known of all of them; each is called after its file or folder.

    Raises:
        InputError: if the folder holds no submission, or cannot be read.
    """
    try:
        submissions = list_submissions(folder)
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}.") from error
    if not submissions:
        raise InputError(f"{folder} contains no predictions file.")
    group = clean_name(details.submitter) or folder.resolve().name
    named = Counter(_identify(submission) for submission in submissions)
    clashes = {name: join([one.shown for one in submissions if _identify(one) == name]) for name in named}
    return [
        _import(one, details, group)
        if named[_identify(one)] == 1
        else Outcome(one, "refused", problem=f"{clashes[_identify(one)]} have the same name: keep one of them.")
        for one in submissions
    ]


def list_submissions(folder: Path) -> list[Submission]:
    """Return the submissions in a folder, by name; raises OSError."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            found.append(_open_folder(path))
        elif _is_submitted(path):
            found.append(Submission(path.name, path.stem, (path,)))
    return found


def _open_folder(folder: Path) -> Submission:
    """Return the submission in a folder; one that may not be opened stops no other team's."""
    try:
        return Submission(folder.name, folder.name, tuple(filter(_is_submitted, sorted(folder.iterdir()))))
    except OSError as error:
        return Submission(folder.name, folder.name, (), f"{folder.name} cannot be read: {error.strerror}.")


def read_upload(path: Path, most_bytes: int = MOST_BYTES) -> Upload:
    """Read a file that the user named, one byte more than is allowed at most."""
    with path.open("rb") as stream:
        return Upload(path.name, stream.read(most_bytes + 1))


def _is_submitted(path: Path) -> bool:
    meant = (*EXTENSIONS, *_MEANT)
    return path.suffix.lower() in meant and path.is_file() and not path.name.startswith(".")


def _identify(submission: Submission) -> str:
    return clean_name(submission.name).casefold()


def _import(submission: Submission, details: Details, group: str) -> Outcome:
    try:
        if submission.problem:
            raise InputError(submission.problem)
        if not submission.files:
            raise InputError(f"{submission.shown} contains no predictions file.")
        other = next((path for path in submission.files if path.suffix.lower() not in EXTENSIONS), None)
        if other is not None:
            raise InputError(f"{other.name} is not a predictions file: a folder takes {join(EXTENSIONS)}.")
        check_seeds(len(submission.files))
        uploads = [read_upload(path) for path in submission.files]
        source = _digest(uploads, details)
        key = _make_key(group, submission)
        before = IMPORTS.find(key)
        kept = before.record if isinstance(before, Item) else None
        if isinstance(before, Item) and before.record.source == source and _can_be_read(before):
            return Outcome(submission, "unchanged", key)
        named = replace(details, name=kept.name if kept else submission.name)
        import_model(uploads, named, key=key, source=source)
    except OSError as error:
        return Outcome(submission, "refused", problem=f"{submission.shown} cannot be read: {error.strerror}.")
    except InputError as error:
        return Outcome(submission, "refused", problem=str(error))
    return Outcome(submission, "updated" if before else "imported", key)


def _digest(uploads: Sequence[Upload], details: Details) -> str:
    """Return what changes with the files of a submission, with what is said of it, or with the hidden test set."""
    hidden = hidden_set()
    said = repr(replace(details, name="")) + (hidden.key if hidden else "")
    digest = hashlib.sha256(said.encode())
    for upload in uploads:
        digest.update(f"\0{upload.name}\0{len(upload.data)}\0".encode() + upload.data)
    return digest.hexdigest()


def _can_be_read(item: Item[ImportRecord]) -> bool:
    """Return whether the predictions of an imported model are whole; else importing it again mends them."""
    try:
        load_test(item.directory, item.record.test_images)
    except RunError:
        return False
    return True


def _make_key(group: str, submission: Submission) -> str:
    """Return the key of a submission, whatever it holds."""
    digest = hashlib.sha256("\0".join(("submission", group, _identify(submission))).encode())
    return f"import-{digest.hexdigest()[:_KEY_DIGITS]}"
