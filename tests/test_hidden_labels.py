"""A teacher's hidden test set: models are tested on it, and nothing tells a single image or label of it."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from every_page import TITLES
from served_pages import finding, list_sent, open_page
from submissions import npy, predicted_classes, probs_of
from synthetic import write_run

from fmnist.cli.main import main
from fmnist.contenders.contender import correct_answers
from fmnist.contenders.finding import find_contender, list_compared, list_models
from fmnist.contenders.own import list_own
from fmnist.dataset import Dataset
from fmnist.errors import InputError
from fmnist.evaluation.ranks import rank_models
from fmnist.imports.folder import import_folder
from fmnist.imports.formats import Upload
from fmnist.imports.hidden import VARIABLE, answers_path, hidden_set
from fmnist.imports.importing import Details, import_model
from fmnist.inference import hidden_images
from fmnist.inference.serving import Classifier
from fmnist.runs.layout import served_path
from fmnist.runs.reading import find_run
from fmnist.runs.run import CompleteRun
from fmnist.views.confusion import tells_labels

COUNT = 2_000
_RNG = np.random.default_rng(11)
LABELS = _RNG.integers(0, 10, COUNT).astype(np.uint8)
IMAGES = _RNG.integers(0, 256, (COUNT, 28, 28)).astype(np.uint8)
RIGHT = {"ada": 1_700, "bea": 1_800, "cleo": 1_810}


def write_hidden(path: Path, **arrays: np.ndarray) -> Path:
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # the stub takes the names for options
    return path


@pytest.fixture
def hidden(tmp_path: Path, single_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = write_hidden(tmp_path / "hidden.npz", images=IMAGES, labels=LABELS)
    monkeypatch.setenv(VARIABLE, str(path))
    return path


@pytest.fixture
def folder(tmp_path: Path, hidden: Path) -> Path:
    made = tmp_path / "class"
    made.mkdir()
    for seed, (name, right) in enumerate(RIGHT.items()):
        (made / f"{name}.npy").write_bytes(npy(probs_of(predicted_classes(right, seed, LABELS), seed)).data)
    return made


@pytest.fixture
def shipped(single_store: Path, served_run: CompleteRun) -> str:
    """Return the key of a run with weights and of one without, which is never asked."""
    shutil.copytree(served_run.directory, single_store / served_run.id)
    write_run(single_store, seed=7)
    return served_run.id


def test_a_class_stands_beside_the_shipped_models_on_the_hidden_images(folder, shipped, capsys):
    assert main(["import", str(folder), "--by", "Class", "--json"]) == 0
    told = {row["file"]: row for row in json.loads(capsys.readouterr().out)}
    assert {name.removesuffix(".npy"): row["test_accuracy"] for name, row in told.items()} == {
        name: right / COUNT for name, right in RIGHT.items()
    }
    models = {one.title: one for one in list_compared()}
    beside = models.pop(find_contender(shipped).title)
    assert set(models) == {f"{name} (imported, Class)" for name in RIGHT}
    assert {one.test_set for one in (*models.values(), beside)} == {hidden_set().key}
    expected = Classifier(served_path(beside._single.run.directory)).probs(IMAGES)
    np.testing.assert_allclose(beside.probabilities("test")[0], expected, atol=1e-6)
    assert correct_answers(beside).mean() == (expected.argmax(axis=1) == LABELS).mean()
    assert main(["models", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    ranked = sorted(list_compared(), key=lambda one: -correct_answers(one).mean())
    ranks = rank_models([correct_answers(one) for one in ranked])
    assert [row["key"] for row in rows] == [one.key for one in ranked]
    assert [row["rank_low"] for row in rows] == ranks.lowest.tolist()
    assert [row["rank_high"] for row in rows] == ranks.highest.tolist()


def test_other_labels_test_all_submissions_again(folder, hidden):
    def states() -> set[str]:
        return {one.state for one in import_folder(folder, Details("", "Class"))}

    assert [states(), states()] == [{"imported"}, {"unchanged"}]
    write_hidden(hidden, images=IMAGES, labels=(LABELS + 1) % 10)
    assert states() == {"updated"}
    assert {one.test_set for one in list_compared()} == {hidden_set().key}


def test_only_what_was_tested_on_the_same_images_is_compared(folder, shipped, capsys, monkeypatch):
    official = import_model(npy(predicted_classes(9_000)), Details("Official"))
    main(["import", str(folder), "--by", "Class"])
    assert official.key not in {one.key for one in list_models().contenders}
    capsys.readouterr()
    assert main(["compare", official.key, shipped]) == 1
    assert "were tested on different images" in capsys.readouterr().err
    assert main(["ensemble", shipped, "x"]) == 1
    monkeypatch.delenv(VARIABLE)
    assert {one.kind for one in list_compared()} == {"seed group", "imported"}
    assert [one.key for one in list_compared() if one.kind == "imported"] == [official.key]
    lost = [one for one in list_own() if "hidden now" in one.problem]
    assert len(lost) == len(RIGHT)
    assert "ada" not in open_page("Overview").dataframe[0].value.to_string()


def test_weights_that_are_newer_than_the_answers_are_asked_again(folder, shipped, single_store):
    main(["import", str(folder)])
    answers = answers_path(hidden_set(), shipped)
    before = answers.stat().st_mtime_ns
    main(["import", str(folder)])
    assert answers.stat().st_mtime_ns == before
    served_path(single_store / shipped).touch()
    assert shipped not in {one.key for one in list_compared()}
    main(["import", str(folder)])
    assert shipped in {one.key for one in list_compared()}


PAGES: dict[str, tuple[str, dict[str, str | list[str]]]] = {
    "overview": ("Overview", {"compare": "true", "tests": "true", "effects": "true"}),
    "curves": ("Curves", {}),
    "matrix": ("Confusion", {"true": "6", "predicted": "6", "gallery": "true", "image": "3", "frequent": "true"}),
    "difference": ("Confusion", {"view": "difference", "true": "6", "predicted": "6", "gallery": "true"}),
    "scores": ("Confusion", {"view": "scores", "ranking": "true", "score_table": "true"}),
    "confidence": ("Confidence", {"scores": "true", "classes": "true", "bins": "true"}),
    "mistakes": ("Mistakes", {"image": "3", "disputed": "true"}),
    "inside": ("Inside", {"model": "ann-tuned-s1"}),
    "stress": ("Stress", {"view": "pictures"}),
    "predict": ("Predict", {"source": "test", "number": "3"}),
    "train": ("Train", {}),
    "import": ("Models", {}),
    "ensemble": ("Models", {"task": "ensemble"}),
    "own": ("Models", {"task": "own"}),
    "ship": ("Ship", {"changed": "true"}),
    "dataset": ("Dataset", {}),
    "design": ("Design", {}),
    "learn": ("Learn", {}),
    "search": ("Search", {}),
    "map": ("Map", {}),
    "pictures": ("My pictures", {}),
}


def test_every_page_is_walked():
    assert {title for title, _ in PAGES.values()} == set(TITLES)


def test_no_page_shows_an_image_or_label(folder, shipped, dataset: Dataset, monkeypatch):
    main(["import", str(folder), "--by", "Class"])
    monkeypatch.setattr(hidden_images, "load_hidden_images", None)  # no page may ask for them
    for name, (title, query) in PAGES.items():
        app = open_page(title, **query)
        sent = b"".join(list_sent(app))
        assert len(sent) > 500, name
        assert not [one for one in _list_secrets() if one in sent], name
        if title not in ("Dataset", "Inside", "Predict"):  # these show official images
            assert b"data:image/png" not in sent, name
        labels = [button.label for button in app.button] + [link.proto.label for link in app.get("page_link")]
        assert not {"Show images", "See the images they disagree on", "Import", "Make the ensemble"} & set(labels), name
    assert "shown one by one" in open_page("Overview").caption[0].value
    assert finding(open_page("Overview")) == "cleo (imported, Class) leads with 90.5% test accuracy."


def _list_secrets() -> list[bytes]:
    """Return a run of the labels as it would look in JSON, in Arrow and in text, and rows of pixels."""
    few = LABELS[100:116]
    texts = [separator.join(map(str, few)).encode() for separator in (",", ", ", "\n", "")]
    arrays = [few.astype(kind).tobytes() for kind in (np.uint8, np.int32, np.int64, np.float64)]
    return [*texts, *arrays, IMAGES[100].tobytes()[:64]]


def test_the_report_and_the_shell_tell_no_label(folder, shipped, tmp_path, capsys):
    main(["import", str(folder), "--by", "Class"])
    capsys.readouterr()
    assert main(["report", "--by", "Class", shipped, "-o", str(tmp_path / "class.html")]) == 0
    main(["models", "--csv", "-"])
    main(["compare", shipped, list_compared()[0].key, "--json"])
    html = (tmp_path / "class.html").read_text()
    sent = (html + capsys.readouterr().out).encode()
    assert not [one for one in _list_secrets() if one in sent]
    assert "on the 2,000 hidden test images" in html
    assert "<h2" in html
    assert "Mistakes and disputed labels" not in html
    assert "Confidence</h2>" not in html
    stored = b"".join(path.read_bytes() for path in (tmp_path / "class").parent.rglob("*.json"))
    assert not [one for one in _list_secrets() if one in stored]


def test_the_labels_are_not_kept_in_the_store(folder, shipped, single_store):
    main(["import", str(folder), "--by", "Class"])
    for path in single_store.rglob("*.npz"):
        with np.load(path) as arrays:
            assert not [name for name in arrays if np.array_equal(arrays[name], LABELS)], path
    records = [one.item.record for one in list_compared() if one.kind == "imported"]
    assert {record.test_loss for record in records} == {None}


def test_near_copies_are_refused(hidden):
    first = predicted_classes(1_700, 0, LABELS)
    import_model(npy(first), Details("ada"))
    import_model(npy(first), Details("a copy"))  # the same tells nothing new
    near, far = first.copy(), first.copy()
    near[5] = (near[5] + 1) % 10
    far[:20] = (far[:20] + 1) % 10
    told = "differs from (ada|a copy) in 1 of 2,000 images, too few: it would tell their labels"
    for uploads in (npy(near), [npy(predicted_classes(1_600, 3, LABELS)), npy(near)]):
        with pytest.raises(InputError, match=told):
            import_model(uploads, Details("eve"))
    other = predicted_classes(1_500, 4, LABELS)
    with pytest.raises(InputError, match="differs from another of its files"):
        import_model([npy(other), npy(np.r_[(other[:1] + 1) % 10, other[1:]])], Details("eve"))
    import_model(npy(far), Details("eve"))


def test_near_copies_of_a_shipped_model_are_refused(folder, shipped, capsys):
    """Whoever has the images can ask the shipped networks."""
    (near := Classifier(served_path(find_run(shipped).directory)).probs(IMAGES).argmax(axis=1))[7] += 1
    (folder / "eve.npy").write_bytes(npy(near % 10).data)
    assert main(["import", str(folder)]) == 1
    assert f"eve differs from {shipped} in 1 of 2,000 images" in capsys.readouterr().out


def test_a_class_that_is_predicted_seldom_has_no_matrix(hidden, shipped):
    classes = predicted_classes(1_700, 0, LABELS)
    classes[(classes == 6) & (np.cumsum(classes == 6) > 3)] = 4
    seldom = find_contender(import_model(npy(classes), Details("seldom")).key)
    usual = predicted_classes(1_500, 1, LABELS)
    never = find_contender(import_model(npy(np.where(usual == 6, 0, usual)), Details("never")).key)
    assert tells_labels(seldom)
    assert not tells_labels(never)
    app = open_page("Confusion", runs=[seldom.key])
    assert app.info[0].value.startswith(
        "Left out: seldom (imported). There a class is predicted on fewer than 10 images"
    )
    assert not app.get("plotly_chart")


def test_rows_say_which_images_are_meant(hidden):
    assert import_model(npy(predicted_classes(9_000)), Details("a")).record.test_set == ""
    with pytest.raises(InputError, match="has 1,999 rows, and 2,000 are needed"):
        import_model(npy(np.zeros(1_999)), Details("a"))
    with pytest.raises(InputError, match="The files predict different test images"):
        import_model([npy(predicted_classes(9_000)), npy(LABELS)], Details("a"))
    near = import_model(npy(LABELS), Details("b")).record
    assert (near.test_set, near.test_images) == (hidden_set().key, COUNT)


BROKEN = {
    "missing": (None, "cannot be read: No such file or directory."),
    "no archive": (b"PK", "is damaged, or not a NumPy archive."),
    "no labels": ({"images": IMAGES}, "must hold the arrays images, uint8 (n, 28, 28), and labels"),
    "floats": ({"images": IMAGES / 255, "labels": LABELS}, "must hold the arrays images"),
    "pixels in a row": ({"images": IMAGES.reshape(COUNT, 784), "labels": LABELS}, "must hold the arrays images"),
    "lengths": ({"images": IMAGES, "labels": LABELS[:-1]}, "must hold the arrays images"),
    "classes": ({"images": IMAGES, "labels": LABELS + 1}, "whole numbers from 0 to 9"),
    "few": ({"images": IMAGES[:99], "labels": LABELS[:99]}, "holds 99 images: at least 100 are needed."),
    "pickle": ({"images": IMAGES, "labels": np.array([{}], object)}, "pickled Python objects, which are never loaded"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_file_that_cannot_be_used_is_one_sentence(hidden, broken, capsys):
    content, says = BROKEN[broken]
    hidden.unlink()
    if isinstance(content, bytes):
        hidden.write_bytes(content)
    elif content is not None:
        write_hidden(hidden, **content)
    assert main(["models"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{VARIABLE} names {hidden}, which ")
    assert says in said
    assert said.count("\n") == 1


def test_pages_stop_where_the_file_cannot_be_used(hidden, shipped):
    hidden.write_bytes(b"")
    for title in ("Overview", "Mistakes"):
        app = open_page(title)
        assert "FMNIST_HIDDEN_LABELS names" in app.error[0].value.replace("\\", "")
        assert not app.get("plotly_chart")


def test_without_submissions_pages_say_how_they_come(hidden, shipped):
    for title in ("Overview", "Confusion"):
        app = open_page(title)
        assert app.info[0].value == "No model has been tested on the hidden images yet."


def test_an_upload_of_labels_alone_counts_too(hidden):
    item = import_model(Upload("team.csv", "\n".join(map(str, LABELS)).encode()), Details("all right"))
    assert correct_answers(find_contender(item.key)).mean() == 1
