"""Ask runs about hidden test images, so that they stand beside the models of a class."""

from collections.abc import Iterable

from fmnist.imports.hidden import HiddenSet, answers_stamp, load_hidden_images, save_answers
from fmnist.inference.serving import Classifier, ModelFileError
from fmnist.runs.layout import served_path
from fmnist.runs.run import CompleteRun


def ask_hidden(hidden: HiddenSet, runs: Iterable[CompleteRun]) -> list[str]:
    """Ask each run with weights that was not asked yet, and keep its answers; return why some could not be asked.

    Raises:
        InputError: if the answers cannot be kept.
    """
    waiting = [run for run in runs if run.served and answers_stamp(hidden, run) is None]
    if not waiting:
        return []
    images, problems = load_hidden_images(hidden), []
    for run in waiting:
        try:
            save_answers(hidden, run.id, Classifier(served_path(run.directory)).probs(images))
        except ModelFileError as error:
            problems.append(f"{run.id}: {error}")
    return problems
