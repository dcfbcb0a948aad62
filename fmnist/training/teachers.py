"""Ask finished runs about every view of the training images: a distilled network learns from their answers.

Distillation is due to Hinton, Vinyals and Dean (2015); Beyer et al. (2022) show that teacher and student must see the
same view.
"""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from fmnist.dataset import N_CLASSES
from fmnist.inference.serving import Classifier
from fmnist.jobs.needed import answering, find_teachers
from fmnist.jobs.reporting import Reporter
from fmnist.recipes.config import RunConfig
from fmnist.runs.leftovers import clear_leftovers, temporary_path
from fmnist.runs.writing import replace_file
from fmnist.training.augmentation import show_views
from fmnist.training.callbacks import StopRequested

_AT_ONCE = 1000  # answers of one call, after which progress is told
_MOST_BYTES = 600e6  # of all answers in a store


def ask_teachers(config: RunConfig, images: np.ndarray, folder: Path, reporter: Reporter) -> np.ndarray | None:
    """Return the mean of the teachers' answers, float16 (n, views, 10), or None where there are no teachers.

    Each teacher's answers are kept in the folder: for other seeds, and for a training that is resumed.

    Args:
        config: the configuration of the student.
        images: its training images, uint8 (n, 28, 28).
        folder: where answers are kept.
        reporter: learns of the progress.

    Raises:
        RunError: if a teacher cannot be used.
        StopRequested: if the training was asked to stop meanwhile.
    """
    served = find_teachers(config)
    if not served:
        return None
    reporter.update(phase="asking", step=0, steps=len(served) * len(images))
    mean = np.zeros((len(images), config.views, N_CLASSES), np.float32)
    for number, path in enumerate(served):
        kept = folder / f"{config.teachers[number]}-{_identify(path, images, config)}.npy"
        answers = _load(kept, mean.shape)
        if answers is None:
            answers = _ask(path, images, config, reporter, before=number * len(images))
            _keep(kept, answers)
        mean += answers
    return (mean / len(served)).astype(np.float16)


def _ask(served: Path, images: np.ndarray, config: RunConfig, reporter: Reporter, before: int) -> np.ndarray:
    """Return a teacher's answers to each view of images; `before` images were answered by other teachers."""
    copies: SimpleQueue[Classifier] = SimpleQueue()
    for _ in range(answering()):
        copies.put(Classifier(served))

    def answer(shown: np.ndarray) -> np.ndarray:
        classifier = copies.get()
        try:
            return classifier.probs(shown).astype(np.float16)
        finally:
            copies.put(classifier)

    answers = np.empty((len(images), config.views, N_CLASSES), np.float16)
    done, pool = 0, ThreadPoolExecutor(answering())
    try:
        for answered in pool.map(answer, _show_all(images, config)):
            if reporter.asked_to_stop():
                raise StopRequested
            several = answered.reshape(-1, config.views, N_CLASSES)
            answers[done : done + len(several)] = several
            done += len(several)
            reporter.note(step=before + done)
    finally:
        pool.shutdown(cancel_futures=True)
    return answers


def _show_all(images: np.ndarray, config: RunConfig) -> Iterator[np.ndarray]:
    """Yield all views of a few images at a time."""
    views, few = np.arange(config.views), max(1, _AT_ONCE // config.views)
    for start in range(0, len(images), few):
        chosen = images[start : start + few]
        yield show_views(np.repeat(chosen, len(views), axis=0), np.tile(views, len(chosen)), config.shift)


def _identify(served: Path, images: np.ndarray, config: RunConfig) -> str:
    """Return a hash of all that answers depend on."""
    told = hashlib.sha256(served.read_bytes())
    told.update(images.tobytes())
    told.update(f"{config.mirror} {config.shift}".encode())
    return told.hexdigest()[:16]


def _load(path: Path, shape: tuple[int, ...]) -> np.ndarray | None:
    """Return answers that were kept, None where there are none or they are damaged."""
    try:
        answers = np.load(path, allow_pickle=False)
        path.touch()  # those used last are kept longest
    except (OSError, ValueError, EOFError):
        return None
    return answers if answers.shape == shape and answers.dtype == np.float16 else None


def _keep(path: Path, answers: np.ndarray) -> None:
    """Write answers, and remove the oldest ones where all together are too large."""
    path.parent.mkdir(exist_ok=True)
    clear_leftovers(path.parent)
    temporary = temporary_path(path)
    with temporary.open("wb") as stream:
        np.save(stream, answers)
    replace_file(temporary, path)
    total = 0
    with suppress(OSError):  # another training may remove some, too
        for other in sorted(path.parent.glob("*.npy"), key=lambda file: file.stat().st_mtime, reverse=True):
            total += other.stat().st_size
            if total > _MOST_BYTES:
                other.unlink()
