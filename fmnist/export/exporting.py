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
from fmnist.export.folder import CARD, PROGRAM, RECORD, check_folder, render_record, write_folder
from fmnist.export.formats import FORMATS, KERAS_PROBS, Format
from fmnist.export.web_app import pin_batch, render_web_app
from fmnist.inference.reader import load_reader
from fmnist.jobs.libraries import require_training_libraries
from fmnist.jobs.processes import run_module
from fmnist.runs.layout import SERVED, WEIGHTS, pretrained_store
from fmnist.runs.reading import load_predictions
from fmnist.runs.records import Predictions
from fmnist.runs.run import CompleteRun, RunError

CONVERTER = "fmnist.export.convert"
WEB = FORMATS["web"]

_CONSTANTS = 'FILE, TEMPERATURE, MIRRORED = "model.tflite", 1.0, False'  # of standalone.py


@dataclass(frozen=True)
class Export:
    """What was written into a folder: a row for each file, and the names of the other files."""

    rows: Sequence[Row]
    others: Sequence[str]


def export_run(run: CompleteRun, folder: Path, formats: Sequence[Format], margin: float, dataset: Dataset) -> Export:
    """Write a run's network in some formats into a folder that is new, empty or of an earlier export.

    Args:
        run: the run, whose weights were kept.
        folder: the folder; it is made if it is not there.
        formats: the formats, whose libraries are installed.
        margin: the difference of accuracies, a fraction, within which a file counts as equivalent.
        dataset: its test images are those on which each file is run.

    Raises:
        RunError: if the weights were not kept or are damaged.
        InputError: if the folder holds files of something else.
        ModelFileError: if a file that was made cannot be run.
        OSError: if the folder cannot be written.
    """
    if run.weights is None or run.served is None:
        raise RunError(f"{run.id}: its weights were not kept, so there is nothing to export. Train it again.")
    check_folder(folder)
    predictions = load_predictions(run)
    with tempfile.TemporaryDirectory(prefix="fmnist-export-") as name:
        made = Path(name)
        answers = _make(run, made, formats, dataset)
        rows = [
            judge(key, made / FORMATS[key].file, given, dataset.test_labels, predictions.test_probs, margin)
            for key, given in answers.items()
        ]
        contents = {row.file: (made / row.file).read_bytes() for row in rows}
    others = _describe(run, predictions, rows)
    if WEB.file in contents:
        others |= render_web_app(run, predictions, load_reader(run), contents[WEB.file], dataset)
    write_folder(folder, {**contents, **others})
    return Export(rows, sorted({name.split("/")[0] for name in others}))


def _make(run: CompleteRun, made: Path, formats: Sequence[Format], dataset: Dataset) -> dict[str, Answers]:
    """Write the files, and return what each gave for the test images."""
    for name in {SERVED, WEIGHTS} & {one.file for one in formats}:
        (made / name).write_bytes((run.directory / name).read_bytes())
    if WEB in formats:
        (made / WEB.file).parent.mkdir()
        (made / WEB.file).write_bytes(pin_batch((run.directory / SERVED).read_bytes()))
    others = [one.key for one in formats if one.needs]
    latencies: Mapping[str, float] = {}
    if others:
        require_training_libraries()
        latencies = run_module(CONVERTER, str(run.directory.resolve()), str(made), *others)
    return {
        one.key: Answers(np.load(made / KERAS_PROBS), latencies["keras"])
        if one.key == "keras"
        else run_file(made / one.file, dataset.test_images)
        for one in formats
    }


def _describe(run: CompleteRun, predictions: Predictions, rows: Sequence[Row]) -> dict[str, bytes]:
    """Return the record and the model card, and the program where there is a LiteRT file for it."""
    reader = load_reader(run)
    served = [row for row in rows if row.format.startswith("litert") and row.verdict != "unsuitable"]
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
    )
    contents[CARD] = write_card(facts, rows)
    return {name: text.encode() for name, text in contents.items()}


def fill_program(file: str, temperature: float, *, mirrored: bool) -> str:
    """Return the program that classifies pictures by a LiteRT file beside it, at a temperature."""
    text = files("fmnist.export").joinpath("standalone.py").read_text("utf-8")
    return text.replace(_CONSTANTS, f'FILE, TEMPERATURE, MIRRORED = "{file}", {temperature:.4f}, {mirrored}')
