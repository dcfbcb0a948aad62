"""The commands that read people's pictures, and which run reads them unless told otherwise."""

import argparse
from collections.abc import Mapping
from functools import partial
from typing import Any

from fmnist.cli.output import Output, format_table
from fmnist.contenders.finding import find_contender
from fmnist.contenders.for_pictures import best_for_pictures
from fmnist.contenders.imported import Imported
from fmnist.dataset import CLASS_NAMES, FOOTWEAR
from fmnist.inference.reader import UNFAMILIAR, Reader, Reading, load_reader
from fmnist.inference.score import PicturePrediction, Score, predict_pictures, score_folder
from fmnist.inference.turned import SUGGESTION, TURNS
from fmnist.model_files.serving import load_imported_reader
from fmnist.runs import reading as runs
from fmnist.runs.run import CompleteRun, RunError


def predict(arguments: argparse.Namespace) -> Output:
    """Classify pictures; one that cannot be read, or has no item in it, says so, and the rest goes on."""
    chosen = arguments.runs or [default_run().id]
    readers = {name: _load_reader(name) for name in chosen}
    answers = predict_pictures(arguments.pictures, readers, arguments.prepare)
    rows = [_describe_answer(answer) for answer in answers]
    return Output(rows, "\n".join(_answer_lines(row) for row in rows), int(not any(a.readings for a in answers)))


def score(arguments: argparse.Namespace) -> Output:
    """Measure a run on a folder of pictures whose subfolders name the class."""
    run = runs.find_run(arguments.run) if arguments.run else default_run()
    reader = load_reader(run)
    result = score_folder(arguments.folder, reader, arguments.prepare)
    describe = partial(_describe_score, tells_unfamiliar=reader.reference is not None)
    per_class = {CLASS_NAMES[label]: value for label, value in result.per_class.items()}
    document = {
        "run": run.id,
        **describe(result),
        "footwear": describe(result.only(FOOTWEAR)),
        "others": describe(result.only([label for label in range(len(CLASS_NAMES)) if label not in FOOTWEAR])),
        "per_class": per_class,
        "confusion": result.confusion.tolist(),
        "unanswered": int(result.unanswered.sum()),
        "unreadable": [{"path": path, "error": error} for path, error in result.unreadable],
    }
    parts = ((run.id, document), ("  footwear", document["footwear"]), ("  all else", document["others"]))
    summary = "\n".join(f"{name}: {_score_line(part)}" for name, part in parts if part)
    counts = [
        {"true": CLASS_NAMES[i], **dict(zip(CLASS_NAMES, row, strict=True))} for i, row in enumerate(result.confusion)
    ]
    return Output(document, f"{summary}\n{format_table([per_class])}\n{format_table(counts)}")


def _load_reader(name: str) -> Reader:
    """Load what answers for a run, or for an imported model with a model file; raises RunError and ModelFileError."""
    found = find_contender(name) if name.startswith("import-") else None
    return load_imported_reader(found) if isinstance(found, Imported) else load_reader(runs.find_run(name))


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
