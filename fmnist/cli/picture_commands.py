"""The commands that read people's pictures, and which run reads them unless told otherwise."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from fmnist.cli.output import Output, format_table
from fmnist.contenders.finding import find_contender
from fmnist.contenders.for_pictures import best_for_pictures
from fmnist.contenders.imported import Imported
from fmnist.contenders.photo_reader import KEY as PHOTO_READER
from fmnist.dataset import CLASS_NAMES, FOOTWEAR
from fmnist.inference.photo_reader import AutomaticReader, load_photo_reader, reads_best
from fmnist.inference.reader import UNFAMILIAR, Reader, Reading, load_reader
from fmnist.inference.score import PicturePrediction, Reads, Score, predict_pictures, read_folder, summarise
from fmnist.inference.serving import ModelFileError
from fmnist.inference.turned import SUGGESTION, TURNS
from fmnist.model_files.serving import load_imported_reader
from fmnist.runs import reading as runs
from fmnist.runs.run import CompleteRun, RunError


def predict(arguments: argparse.Namespace) -> Output:
    """Classify pictures; one that cannot be read, or has no item in it, says so, and the rest goes on.

    Unless runs are named, the reader answers first that reads the kind of picture best.
    """
    readers = {name: _load(name) for name in arguments.runs} if arguments.runs else _default_readers()
    answers = predict_pictures(arguments.pictures, readers, arguments.prepare)
    if not arguments.runs:
        answers = [replace(answer, readings=_best_first(answer)) for answer in answers]
    rows = [_describe_answer(answer) for answer in answers]
    return Output(rows, "\n".join(_answer_lines(row) for row in rows), int(not any(a.readings for a in answers)))


def score(arguments: argparse.Namespace) -> Output:
    """Measure a reader on a folder of pictures whose subfolders name the class, by default the best of each kind."""
    reader, name = _choose_reader(arguments.run)
    labelled = read_folder(arguments.folder, reader, arguments.prepare)
    result = summarise(labelled, arguments.folder)
    describe = partial(_describe_score, tells_unfamiliar=not isinstance(reader, Reader) or reader.reference is not None)
    per_class = {CLASS_NAMES[label]: value for label, value in result.per_class.items()}
    by_reader = _split_by_reader(labelled) if isinstance(reader, AutomaticReader) else {}
    document = {
        "run": name,
        **describe(result),
        "footwear": describe(result.only(FOOTWEAR)),
        "others": describe(result.only([label for label in range(len(CLASS_NAMES)) if label not in FOOTWEAR])),
        "by_reader": {name: describe(summarise(part, arguments.folder)) for name, part in by_reader.items()},
        "per_class": per_class,
        "confusion": result.confusion.tolist(),
        "unanswered": int(result.unanswered.sum()),
        "unreadable": [{"path": path, "error": error} for path, error in result.unreadable],
    }
    parts = ((name, document), ("  footwear", document["footwear"]), ("  all else", document["others"]))
    readers = ((f"  read by {name}", part) for name, part in document["by_reader"].items())
    summary = "\n".join(f"{name}: {_score_line(part)}" for name, part in (*parts, *readers) if part)
    counts = [
        {"true": CLASS_NAMES[i], **dict(zip(CLASS_NAMES, row, strict=True))} for i, row in enumerate(result.confusion)
    ]
    return Output(document, f"{summary}\n{format_table([per_class])}\n{format_table(counts)}")


def default_run() -> CompleteRun:
    """Return the run that the Predict page asks first.

    Raises:
        RunError: if no run has its weights.
    """
    best = best_for_pictures(run for run in runs.list_runs() if isinstance(run, CompleteRun))
    if best is None:
        raise RunError(
            "No run has kept its weights yet: `python -m fmnist train deeper_cnn --recipe robust` makes one."
        )
    return best


def _load(name: str) -> Reads:
    """Load what answers for a run, an imported model with a model file, or the photo reader."""
    if name == PHOTO_READER:
        return load_photo_reader()
    found = find_contender(name) if name.startswith("import-") else None
    return load_imported_reader(found) if isinstance(found, Imported) else load_reader(runs.find_run(name))


def _default_readers() -> dict[str, Reads]:
    """Return the run for people's own pictures and, if it can be used, the photo reader."""
    readers: dict[str, Reads] = {}
    with suppress(RunError, ModelFileError):  # the run answers without it, and `--run photo-reader` says why
        readers[PHOTO_READER] = load_photo_reader()
    run = default_run()
    return readers | {run.id: load_reader(run)}


def _best_first(answer: PicturePrediction) -> dict[str, Reading]:
    """Return the readings with that of the photo reader first or last, by which of the two reads the picture best."""
    others = dict(answer.readings)
    by_photos = others.pop(PHOTO_READER, None)
    if by_photos is None or answer.kind is None:
        return others
    photos = {PHOTO_READER: by_photos}
    return photos | others if reads_best(answer.kind, by_photos.unfamiliar) else others | photos


def _choose_reader(name: str | None) -> tuple[Reads, str]:
    """Return the reader with a name, and the name under which its score is told."""
    if name:
        return _load(name), name
    run = default_run()
    with suppress(RunError, ModelFileError):
        return AutomaticReader(load_photo_reader(), load_reader(run)), "auto"
    return load_reader(run), run.id


def _split_by_reader(
    labelled: Sequence[tuple[int, PicturePrediction]],
) -> dict[str, list[tuple[int, PicturePrediction]]]:
    """Return the pictures that each of the two automatic readers answered."""
    network = default_run().id
    parts: dict[str, list[tuple[int, PicturePrediction]]] = {}
    for label, prediction in labelled:
        for reading in prediction.readings.values():
            parts.setdefault(PHOTO_READER if reading.by_photos else network, []).append((label, prediction))
    return parts


def _describe_answer(answer: PicturePrediction) -> dict[str, Any]:
    turns = sorted({said.turn for said in answer.readings.values() if said.turn})
    warnings = [
        *answer.warnings,
        *(SUGGESTION.format(turn=TURNS[turn]) for turn in turns),
        *(f"{run}: {UNFAMILIAR}" for run, said in answer.readings.items() if said.unfamiliar),
    ]
    predictions = [_describe_reading(run, said) for run, said in answer.readings.items()]
    item = predictions[0]["name"] if predictions else None  # what the first run says; null without an answer
    row: dict[str, Any] = {"path": str(answer.path), "item": item, "warnings": warnings}
    return row | ({"error": answer.error} if answer.error is not None else {"predictions": predictions})


def _describe_reading(run: str, reading: Reading) -> dict[str, Any]:
    label = int(reading.probs.argmax())
    return {
        "run": run,
        "label": label,
        "name": CLASS_NAMES[label],
        "confidence": float(reading.probs[label]),
        "calibrated_confidence": float(reading.calibrated[label]),
        "probabilities": [float(p) for p in reading.probs],
    }


def _describe_score(result: Score | None, tells_unfamiliar: bool) -> dict[str, Any]:
    """Return the accuracies with their 95% intervals; nothing where there are no such pictures.

    The share that was familiar is None for a network that finds everything so, because it has nothing to tell it by.
    """
    if result is None:
        return {}
    return {
        "n": result.n,
        "accuracy": result.accuracy,
        "accuracy_interval": result.accuracy_interval,
        "macro_accuracy": result.macro_accuracy,
        "macro_accuracy_interval": result.macro_interval,
        "familiar_of_right": result.familiar_of_right if tells_unfamiliar else None,
    }


def _score_line(part: Mapping[str, Any]) -> str:
    low, high = part["macro_accuracy_interval"]
    macro = f"mean over classes {part['macro_accuracy']:.2%} [{low:.2%}, {high:.2%}]"
    return f"{macro}, accuracy {part['accuracy']:.2%}, n = {part['n']:,}"


def _answer_lines(row: Mapping[str, Any]) -> str:
    if "error" in row:
        return f"{row['path']}: {row['error']}"
    answers = [f"{p['run']}: {p['name']} ({p['calibrated_confidence']:.1%})" for p in row["predictions"]]
    return "\n  ".join([row["path"], *answers, *row["warnings"]])
