"""The model card: what a run is, how well each of its files answers, and what not to use it for, as Markdown.

The block at its beginning is the metadata that model hubs read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fmnist.contenders.titles import run_title
from fmnist.dataset import CLASS_NAMES, CLASS_PLURALS, N_TEST, N_TRAIN, N_VALIDATION
from fmnist.evaluation.calibration import score_scaling
from fmnist.evaluation.intervals import wilson_interval
from fmnist.evaluation.metrics import class_scores, correct_predictions, count_confusions, frequent_confusions
from fmnist.export.checking import Row
from fmnist.export.measuring import BATCH
from fmnist.export.web_app import FOLDER
from fmnist.runs.records import Predictions
from fmnist.runs.run import CompleteRun
from fmnist.runs.stress import StressResults
from fmnist.stress.catalogue import CORRUPTIONS, SEVERITIES, UNCHANGED, Condition
from fmnist.wording import percent, plural, span

_LIMITS = """## Limits and biases

- It knows ten classes and always names one of them. A hat, a face or a digit gets a confident answer, too.
- Its input is one item, grey, 28×28 pixels, light on black. Small details, colours and fabrics are lost.
- Nearly all footwear in the data points left. Footwear that points right is often read wrongly, unless training
  mirrored the images.
- The data are studio pictures of one European shop, Zalando, from before 2017: other clothes and other ways to wear
  them are missing.
- Pictures of people wearing clothes, busy backgrounds and drawings are unlike the data. On phone photos even the
  project's network trained for pictures reads 0.42 (mean of class accuracies), far below its test accuracy.
- Confidences are calibrated on images like those of the data. On other pictures they tend to be too high.
- It is for teaching and for comparing methods, not for decisions about people.
"""


_MEASURED = (
    "Times are medians on the machine of the export: LiteRT and ONNX Runtime on one thread, Keras and TensorFlow on "
    "all. Loading includes the import of the runtime, and peak memory the Python process around it."
)


@dataclass(frozen=True, eq=False)
class Facts:
    """What a card says of a run besides its files; `program` is the name of the program beside it, or "".

    `stress` has the run's answers to corrupted images, where they were measured.
    """

    run: CompleteRun
    predictions: Predictions
    temperature: float
    picture_temperature: float
    mirrored: bool
    shipped: bool
    program: str
    stress: StressResults | None = None


def write_card(facts: Facts, rows: Sequence[Row]) -> str:
    """Return the model card of a run and its files."""
    title = f"# {run_title(facts.run)}\n"
    parts = [_head(facts), title, _introduce(facts), _list_files(rows), _use(facts, rows), _tell_results(facts)]
    return "\n".join([*parts, _tell_calibration(facts), *_tell_stress(facts), _tell_data(facts), _LIMITS])


def _head(facts: Facts) -> str:
    licence = ["license: mit"] if facts.shipped else []
    accuracy = facts.run.evaluation.test_accuracy
    lines = [
        *("---", *licence, "library_name: litert", "pipeline_tag: image-classification"),
        *("datasets:", "- zalando-datasets/fashion_mnist", "metrics:", "- accuracy"),
        *("model-index:", f"- name: {facts.run.id}", "  results:", "  - task:", "      type: image-classification"),
        *("    dataset:", "      type: zalando-datasets/fashion_mnist", "      name: Fashion-MNIST"),
        *("      split: test", "    metrics:", "    - type: accuracy", f"      value: {accuracy}"),
    ]
    return "\n".join([*lines, "---\n"])


def _introduce(facts: Facts) -> str:
    config, evaluation = facts.run.config, facts.run.evaluation
    return (
        f"A classifier of the ten classes of Fashion-MNIST ({', '.join(CLASS_NAMES)}) with {evaluation.params:,} "
        f"parameters: architecture `{config.model}`, recipe `{config.recipe}`, seed {config.seed}, "
        f"{evaluation.epochs:,} epochs. It was exported from the run `{facts.run.id}` of FMNIST Lab.\n"
    )


def _list_files(rows: Sequence[Row]) -> str:
    lines = [
        "## Files\n",
        f"Each file was run on all {N_TEST:,} test images in its own runtime, and compared with the run.\n",
        "| file | format | size | test accuracy | largest change of a probability | changed answers | one image | "
        f"{BATCH} images | loading | peak memory | |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.file}` | {row.format} | {row.bytes / 1e6:,.2f} MB | {percent(row.test_accuracy)} | "
        f"{row.max_difference:.1e} | {row.flips:,} | {row.latency_ms:.2f} ms (p99 {row.latency_p99_ms:.2f}) | "
        f"{row.batch_ms:.1f} ms | {row.load_ms:,.0f} ms | {_tell_memory(row)} | {row.sentence} |"
        for row in rows
    ]
    return "\n".join([*lines, f"\n{_MEASURED}\n"])


def _tell_memory(row: Row) -> str:
    return "–" if row.peak_bytes is None else f"{row.peak_bytes / 1e6:,.0f} MB"


def _use(facts: Facts, rows: Sequence[Row]) -> str:
    program = (
        f"`{facts.program}` classifies pictures of one item on a plain background, such as those of a shop. It needs "
        f"three packages:\n\n```\npip install ai-edge-litert numpy pillow\n"
        f"python {facts.program} shoe.jpg\n```\n\n"
        if facts.program
        else ""
    )
    page = (
        f"`{FOLDER}` holds a page that classifies drawings and pictures in the browser: put it on any static host, or "
        f"run `python -m http.server --directory {FOLDER}` and open http://localhost:8000.\n\n"
        if any(row.format == "web" for row in rows)
        else ""
    )
    both = (
        f" `{facts.program}` averages the answers to a picture and its mirror image."
        if facts.mirrored and facts.program
        else ""
    )
    full = next((row for row in rows if row.format == "litert-int8-full"), None)
    integers = f" `{full.file}` takes and gives int8, by the scale and zero point in the file." if full else ""
    return (
        f"## Use\n\n{program}{page}The input is float32, (n, 28, 28, 1), from 0 (black background) to 1. The first "
        f"output, `output_0` of a LiteRT file's signature, has the probability of each class, in the order above. If "
        f"there is a second one, it has the inputs of the last layer.{integers}{both}\n"
    )


def _tell_results(facts: Facts) -> str:
    labels, probs = facts.predictions.test_labels, facts.predictions.test_probs
    correct = correct_predictions(labels, probs)
    whole = wilson_interval(int(correct.sum()), len(correct))
    counts = count_confusions(labels, probs.argmax(axis=1))
    recall = class_scores(counts).recall
    lines = [
        "## Results\n",
        f"Test accuracy {percent(float(correct.mean()))} (95% CI {span(whole.low, whole.high)}). By class:\n",
        "| class | accuracy | 95% CI |",
        "|---|---|---|",
    ]
    for index, name in enumerate(CLASS_NAMES):
        one = wilson_interval(int(counts[index, index]), int(counts[index].sum()))
        lines.append(f"| {name} | {percent(float(recall[index]), 1)} | {span(one.low, one.high, 1)} |")
    most = [
        f"{one.count} of {one.support:,} {CLASS_PLURALS[one.true]} are read as {CLASS_PLURALS[one.predicted]}"
        for one in frequent_confusions(counts, limit=3)
    ]
    return "\n".join([*lines, f"\nMost frequent mistakes: {'; '.join(most)}.\n"])


def _tell_calibration(facts: Facts) -> str:
    scores = score_scaling(facts.predictions.test_labels, facts.predictions.test_probs, facts.temperature)
    before, after = percent(scores.before.ece), percent(scores.after.ece)
    return (
        f"## Calibration\n\nThe temperature is {facts.temperature:.3f}, fitted on the validation images: divide the "
        f"logits by it. It changes the expected calibration error on the test images from {before} to {after}."
        f"{_tell_picture_temperature(facts)}\n"
    )


def _tell_picture_temperature(facts: Facts) -> str:
    if facts.picture_temperature == facts.temperature or not facts.program:
        return ""
    return (
        f" `{facts.program}` uses {facts.picture_temperature:.3f}, which was fitted on images changed into drawings "
        f"and photos as in training."
    )


def _tell_stress(facts: Facts) -> list[str]:
    """Return a section on corrupted images, none where they were not measured."""
    if facts.stress is None:
        return []
    results = facts.stress
    lines = [
        "## Corrupted images\n",
        f"Accuracy on {plural(len(results.positions), 'test image')} by kind of corruption and severity, from 1 to "
        f"{len(SEVERITIES)}; unchanged {percent(float(results.correct(UNCHANGED.key).mean()), 1)}:\n",
        f"| corruption | {' | '.join(map(str, SEVERITIES))} |",
        f"|---|{'---|' * len(SEVERITIES)}",
    ]
    for key, kind in CORRUPTIONS.items():
        shares = [float(results.correct(Condition(key, severity).key).mean()) for severity in SEVERITIES]
        lines.append(f"| {kind.title} | {' | '.join(percent(share, 1) for share in shares)} |")
    return ["\n".join(lines) + "\n"]


def _tell_data(facts: Facts) -> str:
    config = facts.run.config
    licence = (
        "The weights and the program are under the MIT licence."
        if facts.shipped
        else "The program is under the MIT licence; you decide on the licence of your weights."
    )
    return (
        f"## Data and licence\n\n[Fashion-MNIST](https://github.com/zalandoresearch/fashion-mnist) (Xiao, Rasul and "
        f"Vollgraf 2017, [arXiv:1708.07747](https://arxiv.org/abs/1708.07747)), MIT licence. It was trained on "
        f"{config.train_limit:,} of {N_TRAIN:,} training images; {N_VALIDATION:,} validation images were "
        f"kept apart for every choice, and the {N_TEST:,} test images chose nothing. {licence}\n"
    )
