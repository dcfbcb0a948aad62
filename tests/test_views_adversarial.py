import numpy as np
import pytest
from attacked import write_attacked

from fmnist.contenders.finding import find_contender
from fmnist.jobs.telling import Progress
from fmnist.runs.adversarial import load_adversarial
from fmnist.views import adversarial as view
from fmnist.views.adversarial_figure import draw_levels, draw_transfer

A, B = "ann-textbook-s0", "basic_cnn-textbook-s0"


@pytest.fixture
def attacks(single_store) -> view.Attacks:
    write_attacked(single_store, A, 60, {B: 80}, model="ann")
    write_attacked(single_store, B, 20, {A: 90}, model="basic_cnn")
    return view.compute([find_contender(A), find_contender(B)])


def test_accuracies_by_attack_level_and_source(attacks):
    line = attacks.lines[0]
    assert [line.accuracy("pgd", level).mean for level in (0, 1, 2, 16)] == [1, 1, 0.6, 0.6]
    assert line.accuracy("fgsm", 16).mean == 0.7
    np.testing.assert_allclose(attacks.transfer(8), [[0.6, 0.9], [0.8, 0.2]])
    assert attacks.is_complete


def test_the_finding_the_comparison_and_the_table(attacks):
    found = view.finding(attacks)
    assert found.headline == "ANN (textbook) withstands attacks best: 60.0% correct at 4/255."
    assert [card.value for card in found.cards] == ["60.0%", "20.0%", "85.0%"]
    (claim,) = view.claims(attacks)
    assert claim.headline.startswith("ANN (textbook) beats Basic CNN (textbook) (+40.0 points, 95% CI 3")
    rows = view.table(attacks).texts
    assert rows[1] == ["ANN (textbook)", "PGD", "100.00", "100.00", *["60.00"] * 4]


def test_the_images_that_flip_and_what_they_become(attacks):
    line = attacks.lines[0]
    positions, predicted = line.flipped("pgd", 8)
    assert positions.tolist() == list(range(60, 100))
    assert (predicted == (line.results.labels[60:] + 1) % 10).all()
    assert not len(line.flipped("fgsm", 1)[0])
    assert view.describe_flips(line, "pgd", 8) == (
        "PGD flips 40 of the 100 images that ANN (textbook) gets right, at 8/255."
    )


def test_a_pair_that_is_not_known_is_a_dash(single_store):
    write_attacked(single_store, A, 60, {}, model="ann")
    write_attacked(single_store, B, 20, {A: 90}, model="basic_cnn")
    attacks = view.compute([find_contender(A), find_contender(B)])
    assert not attacks.is_complete
    drawn = draw_transfer(attacks, 8, "black")
    assert "–" in [text for trace in drawn.figure.data[1:] for text in trace.text]
    assert drawn.finding == "Each on its own attack: 40% on average, on those against others 90%."


def test_curves_begin_with_unchanged_images(attacks):
    drawn = draw_levels(attacks, "pgd")
    assert list(drawn.figure.data[0].y) == pytest.approx([100, 100, 60, 60, 60, 60])
    assert drawn.alt == "Accuracy by strength of attack: PGD"


def test_rows_for_programs_and_words_for_people(single_store):
    run = write_attacked(single_store, A, 60, {B: 80}, model="ann")
    rows = view.list_rows(A, load_adversarial(run))
    assert len(rows) == 15
    assert {key: rows[-1][key] for key in ("attack", "source", "level", "accuracy", "n")} == {
        "attack": "pgd",
        "source": B,
        "level": 16,
        "accuracy": 0.8,
        "n": 100,
    }
    assert view.describe_attacking([A], Progress()) == f"{A}: preparing"
    assert view.describe_attacking([A, B], Progress(3, 12)) == f"{A}, {B}: 3 of 12 attacks"
