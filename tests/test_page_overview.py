import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from served_pages import open_page as open_titled_page
from streamlit.testing.v1 import AppTest
from synthetic import write_run

from fmnist.contenders import titles
from fmnist.recipes.catalogue import get_recipe
from fmnist.runs.writing import save_evaluation
from fmnist.ui.markup import plain


def open_page(**address: str) -> AppTest:
    return open_titled_page("Overview", **address)


def configure(model: str, recipe: str, seed: int) -> dict[str, object]:
    """The configuration by which a recipe trains, so that the run bears its name."""
    return asdict(get_recipe(recipe).configure(model, seed))


def links(app: AppTest) -> list[tuple[str, str]]:
    """Return where the page leads to."""
    return [(link.proto.page, link.proto.query_string) for link in app.get("page_link")]


def points_of(app: AppTest) -> list[list[tuple[list, list]]]:
    """Return which values stand at which places in each figure."""
    specs = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    return [[(trace["x"], trace["y"]) for trace in spec["data"]] for spec in specs]


def effects_of(app: AppTest) -> list[list]:
    """Return the effects in the table, whose rows are architectures in the order of the catalogue."""
    table = app.dataframe[1].value
    return table.iloc[:, 1:].fillna("").values.tolist()


def read_markdown(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.header, *app.markdown])


def test_the_leader_the_verdict_and_the_leaderboard(shipped_store):
    for seed, right in enumerate((9_300, 9_310, 9_320)):
        write_run(shipped_store, "deeper_cnn", seed, right)
    for seed, right in enumerate((9_100, 9_110, 9_120)):
        write_run(shipped_store, "basic_cnn", seed, right)
    app = open_page()
    words = read_markdown(app)
    assert "Deeper CNN (textbook) reaches 93.10% [" in words
    assert "on the test images, the highest of 2 networks." in words
    assert words.count("Deeper CNN (textbook) is better than Basic CNN (textbook) by 2.00 points") == 2
    assert "Holm" not in words  # the pair chosen at first is the question itself: one comparison
    table = app.dataframe[0].value
    assert list(table["Network"]) == ["Deeper CNN (textbook)", "Basic CNN (textbook)"]
    np.testing.assert_allclose(table["Accuracy (%)"], [93.1, 91.1])
    np.testing.assert_allclose(table["SD (points)"], [0.1, 0.1])


def test_any_two_are_compared_with_holms_correction(shipped_store):
    for model, right in (("deeper_cnn", 9_300), ("basic_cnn", 9_100), ("ann", 8_800)):
        write_run(shipped_store, model, 0, right)
    app = open_page(a="ANN (textbook)", b="Basic CNN (textbook)")
    words = read_markdown(app)
    assert "this run of Basic CNN (textbook) is better than this run of ANN (textbook) by 3.00 points" in words
    assert "Holm-adjusted for 2 comparisons" in words
    app.selectbox(key="b").select("ANN (textbook)").run()
    assert "ANN (textbook) and ANN (textbook) are the same." in read_markdown(app)


def test_whether_the_lead_is_real_is_said_first(shipped_store):
    for model, right in (("compact_cnn", 9_405), ("deeper_cnn", 9_402), ("basic_cnn", 9_300), ("ann", 8_800)):
        write_run(shipped_store, model, right=right)
    words = read_markdown(open_page())
    lead = words.index(
        "this run of Compact CNN (textbook) and this run of Deeper CNN (textbook) do not differ significantly"
    )
    asked = words.index("this run of Deeper CNN (textbook) is better than this run of Basic CNN (textbook)")
    chosen = words.index("this run of Compact CNN (textbook) is better than this run of Basic CNN (textbook)")
    assert lead < asked < chosen
    assert words.count("do not differ significantly") == 1


def test_what_the_network_and_the_recipe_buy(shipped_store):
    rights = {("basic_cnn", "textbook"): 9_100, ("basic_cnn", "tuned"): 9_250, ("deeper_cnn", "textbook"): 9_300}
    rights |= {("deeper_cnn", "tuned"): 9_360, ("ann", "textbook"): 8_800}
    for (model, recipe), right in rights.items():
        for seed in range(3):
            write_run(
                shipped_store, right=right + seed, run_id=f"{model}-{recipe}-s{seed}", **configure(model, recipe, seed)
            )
    app = open_page()
    words = read_markdown(app)
    assert "Deeper CNN (textbook) is better than Basic CNN (textbook) by 2.00 points" in words
    assert "Deeper CNN (tuned) is better than Basic CNN (tuned) by 1.10 points" in words
    assert "with the textbook recipe Deeper CNN buys most, 2.00 points" in words
    assert "with the tuned recipe Deeper CNN buys most, 1.10 points" in words
    assert "Tuned instead of textbook buys from 0.60 points on Deeper CNN to 1.50 points on Basic CNN" in words
    table = app.dataframe[1].value.set_index("Network")
    assert list(table.columns) == [
        "Textbook (%)",
        "Tuned (%)",
        "Textbook, over Basic CNN",
        "Tuned, over Basic CNN",
        "Tuned over textbook",
    ]
    assert table.loc["Deeper CNN", "Tuned, over Basic CNN"].startswith("+1.10 [")
    assert table.loc["Basic CNN", "Tuned over textbook"].startswith("+1.50 [")
    assert table.loc["ANN"].isna().tolist() == [False, True, False, True, True]
    assert table.loc["ANN", "Textbook (%)"] == pytest.approx(88.01)


def test_the_same_pair_has_one_interval_in_words_and_in_the_table(shipped_store):
    for model, right in (("deeper_cnn", 9_150), ("basic_cnn", 9_100), ("cnn_bn", 9_105), ("ann", 8_800)):
        write_run(shipped_store, model, right=right)
    app = open_page(a="Basic CNN (textbook)", b="CNN-BN (textbook)")
    table = app.dataframe[1].value.set_index("Network")["Textbook, over Basic CNN"]
    words = read_markdown(app)
    for model in ("Deeper CNN", "CNN-BN"):
        assert table[model].removeprefix("+").replace(" [", " points [") in words
    captions = [caption.value for caption in app.caption]
    assert any("Holm's correction for the 3 comparisons of this figure." in caption for caption in captions)
    assert words.count("Holm-adjusted for 3 comparisons") == 3


def test_with_one_recipe_the_page_says_where_the_other_would_show(shipped_store):
    for model in ("deeper_cnn", "basic_cnn"):
        write_run(shipped_store, model)
    app = open_page()
    assert "It shows here once a network has been trained by two recipes." in [caption.value for caption in app.caption]
    assert "What the network buys" in read_markdown(app)


def test_settings_of_ones_own_are_not_taken_for_the_recipe(shipped_store):
    write_run(shipped_store, "deeper_cnn", batch_size=32)
    write_run(shipped_store, "basic_cnn", batch_size=32)
    app = open_page()
    assert "What the network buys" not in read_markdown(app)
    assert len(app.dataframe) == 1


def test_single_runs_of_a_network_can_be_compared(shipped_store):
    for seed in (0, 1):
        write_run(shipped_store, "ann", seed, 8_800 + seed, run_id=f"ann-textbook-s{seed}")
    write_run(shipped_store, "basic_cnn", 0, 9_100)
    app = open_page(a="ANN (textbook), seed 0", b="ANN (textbook), seed 1")
    assert "this run of ANN (textbook), seed 0 and this run of ANN (textbook), seed 1 do not differ significantly" in (
        read_markdown(app)
    )


def test_a_training_that_took_no_time_stands_in_the_leaderboard_alone(shipped_store):
    stopped = write_run(shipped_store, "ann")
    write_run(shipped_store)
    save_evaluation(stopped.directory, replace(stopped.evaluation, epochs=0, best_epoch=0, train_seconds=0.0))
    app = open_page(cost="Training time")
    assert "Highest mean accuracy, and cheapest in training time: Basic CNN" in read_markdown(app)
    assert len(app.dataframe[0].value) == 2


def test_a_network_is_not_led_to_its_own_run(shipped_store):
    for seed in range(2):
        write_run(shipped_store, run_id=f"ann-textbook-s{seed}", **configure("ann", "textbook", seed))
    write_run(shipped_store)
    links = [open_page(a="ANN (textbook)", b=f"ANN (textbook), seed {seed}").get("page_link") for seed in range(2)]
    assert len(links[1]) == len(links[0]) + 1  # seed 0 stands for the network


def test_a_single_network_has_nothing_to_be_compared_with(shipped_store):
    write_run(shipped_store)
    app = open_page()
    assert "Basic CNN (textbook) reaches 90.00% [89.40, 90.57] on the test images." in read_markdown(app)
    assert not app.selectbox


def test_a_quick_trial_does_not_pull_its_network_down(shipped_store, own_store):
    write_run(shipped_store, right=9_100)
    write_run(own_store, seed=1, right=5_000, epochs=1)
    table = open_page().dataframe[0].value
    assert list(table["Network"]) == ["Basic CNN (textbook)", "Basic CNN (textbook), at most 1 epoch"]
    assert list(table["Runs"]) == [1, 1]


def test_an_unknown_network_in_the_address_is_reported(shipped_store):
    for model in ("ann", "basic_cnn"):
        write_run(shipped_store, model)
    app = open_page(a="Gone CNN")
    assert [warning.value for warning in app.warning] == [
        "The address names no network or run that exists here: Gone CNN."
    ]


def test_without_runs_the_page_says_what_to_do_next(shipped_store):
    app = open_page()
    assert "no trained network" in app.info[0].value
    assert not app.dataframe


def test_damaged_runs_leave_the_others_standing(shipped_store):
    write_run(shipped_store, "ann")
    broken = write_run(shipped_store, "basic_cnn")
    (broken.directory / "predictions.npz").write_bytes(b"PK\x03\x04 cut off")
    (shipped_store / "empty").mkdir()
    app = open_page()
    assert "ANN (textbook) reaches" in read_markdown(app)
    assert plain(broken.id) in app.warning[0].value
    assert "1 of 3 runs cannot be read" in app.expander[0].label


def test_the_shipped_runs(shipped_runs):
    app = open_page()
    networks = {(run.config.model, run.config.recipe) for run in shipped_runs}
    assert len(app.dataframe[0].value) == len(networks)


def test_titles_are_for_people_alone(shipped_store, monkeypatch):
    rights = {"deeper_cnn": 9_300, "basic_cnn": 9_100, "ann": 8_800}
    for model, right in rights.items():
        for seed in (0, 1):
            write_run(
                shipped_store,
                right=right + seed,
                run_id=f"{model}-textbook-s{seed}",
                **configure(model, "textbook", seed),
            )
    address = {"a": "ann:textbook", "b": "deeper_cnn:textbook", "reported": ["basic_cnn:textbook"]}
    before = open_page(**address)
    alike = {key: replace(architecture, title="Network") for key, architecture in titles.ARCHITECTURES.items()}
    monkeypatch.setattr(titles, "ARCHITECTURES", alike)
    after = open_page(**address)
    assert not after.warning
    assert "Network (textbook) is better than Network (textbook) by 5.00 points" in read_markdown(after)
    assert "Deeper CNN" not in read_markdown(after)
    assert set(after.dataframe[0].value["Network"]) == {"Network (textbook)"}
    for widget, key in ((AppTest.selectbox, "a"), (AppTest.selectbox, "b"), (AppTest.multiselect, "reported")):
        assert widget.fget(after)(key=key).value == widget.fget(before)(key=key).value == address[key]
    assert len(set(after.selectbox(key="a").options)) == len(before.selectbox(key="a").options)
    assert links(after) == links(before) != []
    for table, was in zip(after.dataframe, before.dataframe, strict=True):
        numbers = was.value.select_dtypes("number").columns
        assert table.value[numbers].equals(was.value[numbers])
    assert effects_of(after) == effects_of(before)
    assert points_of(after) == points_of(before)
    after.selectbox(key="a").select("basic_cnn:textbook").run()
    assert "Network (textbook) is better than Network (textbook) by 2.00 points" in read_markdown(after)
