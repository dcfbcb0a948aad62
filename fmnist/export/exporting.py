"""Export a run: files in several formats, each run on all test images, with a model card and a program."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.temperatures import temperature_of
from fmnist.dataset import Dataset
from fmnist.export.card import Facts, write_card
from fmnist.export.checking import Answers, Row, judge, run_file
from fmnist.export.folder import CARD, PROGRAM, RECORD, check_folder, read_contents, render_record, write_folder
from fmnist.export.formats import FORMATS, Format
from fmnist.export.processes import follow_module
from fmnist.export.progress import Progress, Report, Work
from fmnist.export.web_app import pin_batch, render_web_app
from fmnist.inference.reader import load_reader
from fmnist.jobs.libraries import require_training_libraries
from fmnist.runs.layout import SERVED, WEIGHTS, pretrained_store
from fmnist.runs.reading import load_predictions
from fmnist.runs.records import Predictions
from fmnist.runs.run import CompleteRun, RunError
from fmnist.views.stress import results_of

CONVERTER = "fmnist.export.convert"
WEB = FORMATS["web"]

_FOR_PROGRAM = ("litert", "litert-float16", "litert-int8")  # whose input and output are floats
_IMAGES = "images.npy"
_CONSTANTS = 'FILE, TEMPERATURE, MIRRORED = "model.tflite", 1.0, False'  # of standalone.py


def _ignore(progress: Progress) -> None:
    """Take no notice of how far an export is."""


@dataclass(frozen=True, eq=False)
class Export:
    """What was written into a folder: a row for each file, and the names of the other files.

    `probs` has the probabilities of the test images (10000, 10) of each file, by the key of its format.
    """

    rows: Sequence[Row]
    others: Sequence[str]
    probs: Mapping[str, np.ndarray]


def export_run(
    run: CompleteRun, folder: Path, formats: Sequence[Format], margin: float, dataset: Dataset, report: Report = _ignore
) -> Export:
    """Write a run's network in some formats into a folder that is new, empty or of an earlier export.

    Args:
        run: the run, whose weights were kept.
        folder: the folder; it is made if it is not there.
        formats: the formats, whose libraries are installed.
        margin: the difference of accuracies, a fraction, within which a file counts as equivalent.
        dataset: its test images are those on which each file is run.
        report: is told how far it is.

    Raises:
        RunError: if the weights were not kept or are damaged, or a file that was made cannot be run.
        InputError: if the folder holds files of something else.
        OSError: if the folder cannot be written.
    """
    if run.weights is None or run.served is None:
        raise RunError(f"{run.id}: its weights were not kept, so there is nothing to export. Train it again.")
    check_folder(folder)
    predictions = load_predictions(run)
    with tempfile.TemporaryDirectory(prefix="fmnist-export-") as name:
        made = Path(name)
        answers = _make(run, made, formats, dataset, report)
        rows = [
            judge(key, made / FORMATS[key].file, given, dataset.test_labels, predictions.test_probs, margin)
            for key, given in answers.items()
        ]
        contents = read_contents(made, [row.file for row in rows])
    others = _describe(run, predictions, rows)
    if WEB.file in contents:
        others |= render_web_app(run, predictions, load_reader(run), contents[WEB.file], dataset)
    write_folder(folder, {**contents, **others})
    probs = {key: given.probs for key, given in answers.items()}
    return Export(rows, sorted({name.split("/")[0] for name in others}), probs)


def _make(
    run: CompleteRun, made: Path, formats: Sequence[Format], dataset: Dataset, report: Report
) -> dict[str, Answers]:
    """Write the files, and return what each gave for the test images."""
    count = len(dataset.test_images)
    work = Work(formats, run.evaluation.latency_ms, count, report)
    for name in {SERVED, WEIGHTS} & {one.file for one in formats}:
        (made / name).write_bytes((run.directory / name).read_bytes())
    if WEB in formats:
        (made / WEB.file).parent.mkdir()
        (made / WEB.file).write_bytes(pin_batch((run.directory / SERVED).read_bytes()))
    _convert(run, made, [one.key for one in formats if one.is_converted], work)
    images = made / _IMAGES
    np.save(images, dataset.test_images)
    return {one.key: run_file(one.key, made / one.file, images, work.checking(one.key, count)) for one in formats}


def _convert(run: CompleteRun, made: Path, keys: Sequence[str], work: Work) -> None:
    if not keys:
        return
    require_training_libraries()
    work.convert(0, keys[0])
    for number, _ in enumerate(follow_module(CONVERTER, str(run.directory.resolve()), str(made), *keys), start=1):
        work.convert(number / len(keys), keys[min(number, len(keys) - 1)])


def _describe(run: CompleteRun, predictions: Predictions, rows: Sequence[Row]) -> dict[str, bytes]:
    """Return the record and the model card, and the program where there is a LiteRT file for it."""
    reader = load_reader(run)
    served = [row for row in rows if row.format in _FOR_PROGRAM and row.verdict != "unsuitable"]
    contents: dict[str, str] = {RECORD: render_record(run.id, rows)}
    if served:
        contents[PROGRAM] = fill_program(served[0].file, reader.temperature, mirrored=reader.mirrored)
    facts = Facts(
        run=run,
        predictions=predictions,
        temperature=temperature_of(SingleRun(run)) or 1.0,
        picture_temperature=reader.temperature,
        mirrored=reader.mirrored,
        shipped=run.directory.parent == pretrained_store(),
        program=PROGRAM if served else "",
        stress=results_of(run),
    )
    contents[CARD] = write_card(facts, rows)
    return {name: text.encode() for name, text in contents.items()}


def fill_program(file: str, temperature: float, *, mirrored: bool) -> str:
    """Return the program that classifies pictures by a LiteRT file beside it, at a temperature."""
    text = files("fmnist.export").joinpath("standalone.py").read_text("utf-8")
    return text.replace(_CONSTANTS, f'FILE, TEMPERATURE, MIRRORED = "{file}", {temperature:.4f}, {mirrored}')
