"""Scoring folders of pictures, with a reader whose answers are known beforehand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fmnist.dataset import FOOTWEAR
from fmnist.evaluation.intervals import macro_interval, wilson_interval
from fmnist.evaluation.metrics import count_confusions
from fmnist.inference.reader import Reading
from fmnist.inference.score import Reads, Score, predict_pictures, read_folder, summarise


class ToneReader:
    """Gives the class whose tenth of the grey scale the image's middle has."""

    def read(self, prepared):
        label = int(prepared.image[14, 14]) * 10 // 256
        probs = np.eye(10, dtype=np.float32)[label]
        return Reading(probs, probs, unfamiliar=label == 8)  # it knows no bags


def save_square(path, label):
    """A picture that the tone classifier takes for `label`: inverted, the square's tone is in the label's tenth."""
    tone = 255 - (label * 256 // 10 + 13)
    image = Image.new("RGB", (100, 100), "white")
    image.paste((tone,) * 3, (20, 20, 80, 80))
    path.parent.mkdir(exist_ok=True)
    image.save(path)


@pytest.fixture
def folder(tmp_path):
    for name, label in {"a": 9, "b": 9, "c": 7}.items():
        save_square(tmp_path / "9_ankle_boot" / f"{name}.png", label)
    save_square(tmp_path / "7_sneaker" / "d.png", 7)
    (tmp_path / "7_sneaker" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    (tmp_path / "7_sneaker" / ".hidden").write_bytes(b"")
    save_square(tmp_path / "notes" / "e.png", 8)
    return tmp_path


def score_folder(folder: Path, reader: Reads) -> Score:
    return summarise(read_folder(folder, reader), folder)


def test_a_folder_is_scored_by_its_subfolders(folder):
    score = score_folder(folder, ToneReader())
    assert score.n == 4
    assert score.accuracy == 0.75
    assert score.per_class == {7: 1.0, 9: pytest.approx(2 / 3)}
    assert score.macro_accuracy == pytest.approx(5 / 6)
    assert score.confusion.sum() == 4
    assert score.confusion[9].tolist() == [0, 0, 0, 0, 0, 0, 0, 1, 0, 2]
    assert [path for path, _ in score.unreadable] == ["7_sneaker/broken.jpg"]


def test_where_there_is_nothing_to_score_it_says_so(tmp_path):
    with pytest.raises(ValueError, match="no folder"):
        score_folder(tmp_path / "nowhere", ToneReader())
    with pytest.raises(ValueError, match="<index>_<name>"):
        score_folder(tmp_path, ToneReader())
    (tmp_path / "3_dress").mkdir()
    (tmp_path / "3_dress" / "a.png").write_bytes(b"")
    with pytest.raises(ValueError, match="could be read"):
        score_folder(tmp_path, ToneReader())


def test_a_picture_that_cannot_be_read_does_not_stop_the_others(folder):
    paths = [folder / "7_sneaker" / "broken.jpg", folder / "gone.png", folder, folder / "7_sneaker" / "d.png"]
    broken, gone, directory, good = predict_pictures(paths, {"one": ToneReader(), "two": ToneReader()})
    assert "not a readable" in broken.error
    assert "cannot be read" in gone.error
    assert "cannot be read" in directory.error
    assert broken.readings == gone.readings == {}
    assert good.error is None
    assert good.kind == "catalogue"
    assert {name: int(said.probs.argmax()) for name, said in good.readings.items()} == {"one": 7, "two": 7}


def test_warnings_come_along(tmp_path):
    Image.new("RGB", (50, 50), "white").save(tmp_path / "empty.png")
    (prediction,) = predict_pictures([tmp_path / "empty.png"], {"one": ToneReader()})
    assert "No item found" in prediction.warnings[0]
    assert prediction.error is None
    assert prediction.readings == {}


def test_a_picture_without_an_item_counts_as_wrong(folder):
    Image.new("RGB", (50, 50), "white").save(folder / "7_sneaker" / "empty.png")
    Image.new("RGB", (50, 50), "white").save(folder / "9_ankle_boot" / "empty.png")
    score = score_folder(folder, ToneReader())
    assert score.unanswered.tolist() == [0, 0, 0, 0, 0, 0, 0, 1, 0, 1]
    assert (score.n, score.accuracy) == (6, 0.5)
    assert score.per_class == {7: 0.5, 9: 0.5}
    assert score.macro_interval == macro_interval([1, 2], [2, 4])
    assert score.only([9]).n == 4


def test_a_folder_without_any_item_has_a_score_of_zero(tmp_path):
    (tmp_path / "3_dress").mkdir()
    Image.new("RGB", (50, 50), "white").save(tmp_path / "3_dress" / "empty.png")
    score = score_folder(tmp_path, ToneReader())
    assert (score.n, score.accuracy, score.familiar_of_right) == (1, 0.0, None)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1))
def test_the_score_agrees_with_scikit_learn(pairs):
    from sklearn.metrics import accuracy_score, confusion_matrix, recall_score

    true, predicted = (np.array(side) for side in zip(*pairs, strict=True))
    present = np.unique(true)
    counts = count_confusions(true, predicted)
    score = Score(counts, np.zeros_like(counts))
    recall = recall_score(true, predicted, labels=present, average=None, zero_division=0)
    assert score.accuracy == pytest.approx(accuracy_score(true, predicted))
    assert score.macro_accuracy == pytest.approx(recall.mean())
    assert list(score.per_class) == present.tolist()
    np.testing.assert_allclose(list(score.per_class.values()), recall)
    np.testing.assert_array_equal(score.confusion, confusion_matrix(true, predicted, labels=range(10)))


def test_the_interval_of_many_images_is_wilsons_and_that_of_few_is_wider():
    assert macro_interval([70_000], [100_000]) == pytest.approx(wilson_interval(70_000, 100_000), abs=1e-6)
    low, high = macro_interval([7], [10])
    one_low, one_high = wilson_interval(7, 10)
    assert low < one_low < one_high < high
    three_low, three_high = macro_interval([7, 7, 7], [10, 10, 10])
    assert low < three_low < three_high < high


def test_where_all_is_correct_or_wrong_the_interval_ends_there():
    best, worst = macro_interval([10, 5], [10, 5]), macro_interval([0, 0], [10, 5])
    assert (best.high, worst.low) == (1, 0)
    assert best.low == pytest.approx(1 - worst.high)
    assert 0.5 < best.low < 0.8


@pytest.mark.parametrize(
    ("shares", "images"),
    [
        (np.linspace(0.3, 0.95, 10), [10] * 10),
        (np.linspace(0.93, 1.0, 10), [10] * 10),
        (np.full(10, 0.6), [10] * 10),
        (np.linspace(0.3, 0.95, 10), [3] * 10),
        (np.linspace(0.4, 0.95, 10), [3, 5, 8, 10, 20, 30, 50, 4, 6, 100]),
        (np.array([0.99] * 6 + [0.3] * 4), [10] * 10),
    ],
)
def test_the_macro_interval_covers_as_often_as_it_says(shares, images):
    drawn = np.random.default_rng(8).binomial(images, shares, size=(1_500, len(shares)))
    covered = [low <= shares.mean() <= high for low, high in (macro_interval(row, images) for row in drawn.tolist())]
    assert 0.93 <= np.mean(covered) <= 0.99


def test_footwear_is_told_apart(folder):
    save_square(folder / "8_bag" / "f.png", 3)
    score = score_folder(folder, ToneReader())
    footwear, others = score.only(FOOTWEAR), score.only([8])
    assert (footwear.n, footwear.macro_accuracy) == (4, pytest.approx(5 / 6))
    assert (others.n, others.accuracy) == (1, 0.0)
    assert score.only([0]) is None


def test_what_the_reader_has_seen_nothing_like_is_counted_and_named(folder):
    for name, label in {"g": 8, "h": 8, "i": 3}.items():
        save_square(folder / "8_bag" / f"{name}.png", label)
    score = score_folder(folder, ToneReader())
    assert score.unfamiliar[8].tolist() == [0, 0, 0, 0, 0, 0, 0, 0, 2, 0]
    assert score.familiar_of_right == pytest.approx(3 / 5)  # three shoes and both bags were named rightly
    (prediction,) = predict_pictures([folder / "8_bag" / "g.png"], {"one": ToneReader()})
    assert prediction.readings["one"].unfamiliar


def test_where_nothing_is_named_rightly_no_share_of_that_was_familiar(folder):
    save_square(folder / "8_bag" / "f.png", 3)
    assert score_folder(folder, ToneReader()).only([8]).familiar_of_right is None
