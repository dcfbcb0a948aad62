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
from fmnist.views import verdicts

OPEN = {"compare": "true", "effects": "true", "tests": "true"}


def open_page(**address: str) -> AppTest:
    """Open the page with all of its evidence."""
    return open_titled_page("Overview", **OPEN | address)


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


def effects_table(app: AppTest):
    """Return the table of effects."""
    return next(table.value for table in app.dataframe if "Architecture" in table.value)


def effects_of(app: AppTest) -> list[list]:
    """Return the effects in the table, whose rows are architectures in the order of the catalogue."""
    table = effects_table(app)
    return table.iloc[:, 1:].fillna("").values.tolist()


def read_markdown(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.header, *app.subheader, *app.markdown])


def test_the_leader_the_verdict_and_the_leaderboard(shipped_store):
    for seed, right in enumerate((9_300, 9_310, 9_320)):
        write_run(shipped_store, "deeper_cnn", seed, right)
    for seed, right in enumerate((9_100, 9_110, 9_120)):
        write_run(shipped_store, "basic_cnn", seed, right)
    app = open_page()
    words = read_markdown(app)
    assert "Deeper CNN (textbook) leads with 93.1% test accuracy." in words
    # the pair chosen at first is the question itself: one comparison
    assert words.count("Deeper CNN (textbook) beats Basic CNN (textbook) by 2.00 points (95% CI ") == 2
    table = app.dataframe[0].value
    assert list(table["Model"]) == ["Deeper CNN (textbook)", "Basic CNN (textbook)"]
    np.testing.assert_allclose(table["Accuracy (%)"], [93.1, 91.1])
    np.testing.assert_allclose(table["SD (points)"], [0.1, 0.1])


def test_any_two_are_compared_by_themselves_and_the_chooser_says_what_a_picked_pair_is(shipped_store):
    for model, right in (("deeper_cnn", 9_300), ("basic_cnn", 9_100), ("ann", 8_800), ("cnn_bn", 8_900)):
        write_run(shipped_store, model, 0, right)
    app = open_page(a="ANN (textbook)", b="CNN-BN (textbook)")
    words = read_markdown(app)
    assert "Of these two runs, CNN-BN (textbook) beats ANN (textbook) by 1.00 points (95% CI " in words
    assert verdicts.CHOOSER_NOTE in [caption.value for caption in app.caption]
    app.selectbox(key="b").select("ann:textbook").run()
    assert [info.value for info in app.info] == ["Choose two different models."]


def test_whether_the_lead_is_real_is_a_badge_and_tested_in_words(shipped_store):
    for model, right in (("compact_cnn", 9_405), ("deeper_cnn", 9_402), ("basic_cnn", 9_300), ("ann", 8_800)):
        write_run(shipped_store, model, right=right)
    app = open_page()
    words = read_markdown(app)
    lead = words.index("Compact CNN (textbook) and Deeper CNN (textbook) do not differ significantly")
    asked = words.index("Deeper CNN (textbook) beats Basic CNN (textbook)")
    assert words.index("lead: tied") < lead < asked
    assert words.count("do not differ significantly") == 1
    assert "Compact CNN (textbook) beats Basic CNN (textbook)" in words


def test_evidence_is_drawn_on_request(shipped_store):
    for model in ("basic_cnn", "ann"):
        write_run(shipped_store, model)
    app = open_titled_page("Overview")
    assert [box.label for box in app.expander] == [
        "Compare any two models",
        "Architecture and recipe effects",
        "How was this tested?",
    ]
    assert not app.selectbox
    assert len(app.dataframe) == 1


def test_the_cards_name_the_best_the_smallest_tied_and_the_fastest(shipped_store):
    write_run(shipped_store, "compact_cnn", right=9_400)
    app = open_titled_page("Overview")
    cards = [(card.label, card.value) for card in app.metric]
    assert cards[0] == ("Best accuracy", "94.0%")
    assert [label for label, _ in cards] == ["Best accuracy", "Its size", "Lowest latency"]


def test_models_are_filtered_by_recipe_kind_and_name(shipped_store, own_store):
    for model, recipe in (("ann", "textbook"), ("ann", "tuned"), ("basic_cnn", "tuned")):
        write_run(shipped_store, run_id=f"{model}-{recipe}-s0", **configure(model, recipe, 0))
    write_run(own_store, "deeper_cnn", right=9_500)

    def listed(**address: str) -> list[str]:
        return sorted(open_titled_page("Overview", **address).dataframe[0].value["Model"])

    assert len(listed()) == 4
    assert listed(kinds="tuned") == ["ANN (tuned)", "Basic CNN (tuned)"]
    assert listed(kinds="tuned", search="ann") == ["ANN (tuned)"]
    assert listed(kinds="own") == ["Deeper CNN (textbook)"]
    app = open_titled_page("Overview", search="nothing like this")
    assert [info.value for info in app.info] == ["No models match these filters."]
    assert not app.dataframe


def test_a_model_that_was_trained_on_little_is_hidden_and_then_marked_at_the_edge(shipped_store, own_store):
    for model, right in (("ann", 8_900), ("basic_cnn", 9_200)):
        write_run(shipped_store, model, right=right)
    write_run(own_store, "ann", right=2_000, train_limit=550)
    app = open_titled_page("Overview")
    assert len(app.dataframe[0].value) == 2
    app = open_titled_page("Overview", hidden="true")
    assert len(app.dataframe[0].value) == 3
    for chart in app.get("plotly_chart"):
        layout = json.loads(chart.proto.spec)["layout"]
        assert [note["text"][2:] for note in layout["annotations"]] == ["20.0%"]
        axis = layout["xaxis"] if layout["xaxis"]["title"]["text"] == "Test accuracy (%)" else layout["yaxis"]
        assert axis["range"][0] > 80


def test_two_models_differ_in_settings_and_can_be_trained_again(shipped_store):
    for recipe in ("textbook", "tuned"):
        write_run(shipped_store, run_id=f"ann-{recipe}-s0", **configure("ann", recipe, 0))
    app = open_page(a="ann:textbook", b="ann:tuned")
    table = next(table.value for table in app.dataframe if "Setting" in table.value)
    assert "Batch size" in set(table["Setting"])
    assert [code.value for code in app.code] == [
        "python -m fmnist train ann --recipe textbook --seed 0",
        "python -m fmnist train ann --recipe tuned --seed 0",
    ]


def test_effects_of_the_architecture_and_the_recipe(shipped_store):
    rights = {("basic_cnn", "textbook"): 9_100, ("basic_cnn", "tuned"): 9_250, ("deeper_cnn", "textbook"): 9_300}
    rights |= {("deeper_cnn", "tuned"): 9_360, ("ann", "textbook"): 8_800}
    for (model, recipe), right in rights.items():
        for seed in range(3):
            write_run(
                shipped_store, right=right + seed, run_id=f"{model}-{recipe}-s{seed}", **configure(model, recipe, seed)
            )
    app = open_page()
    words = read_markdown(app)
    assert "Deeper CNN (textbook) beats Basic CNN (textbook) by 2.00 points (adjusted 95% CI " in words
    assert "Deeper CNN (tuned) beats Basic CNN (tuned) by 1.10 points (adjusted 95% CI " in words
    assert "Compared with Basic CNN, Deeper CNN gains 2.00 points (textbook) and 1.10 (tuned)." in words
    assert "Tuned beats textbook by 0.60 to 1.50 points, significantly on all 2 architectures." in words
    table = effects_table(app).set_index("Architecture")
    assert list(table.columns) == [
        "Textbook (%)",
        "Tuned (%)",
        "Textbook, vs Basic CNN",
        "Tuned, vs Basic CNN",
        "Tuned vs textbook",
    ]
    assert table.loc["Deeper CNN", "Tuned, vs Basic CNN"].startswith("+1.10 (")
    assert table.loc["Basic CNN", "Tuned vs textbook"].startswith("+1.50 (")
    assert table.loc["ANN"].isna().tolist() == [False, True, False, True, True]
    assert table.loc["ANN", "Textbook (%)"] == pytest.approx(88.01)


def test_the_same_pair_has_one_interval_in_words_and_in_the_table(shipped_store):
    for model, right in (("deeper_cnn", 9_250), ("basic_cnn", 9_100), ("cnn_bn", 8_905), ("ann", 8_800)):
        write_run(shipped_store, model, right=right)
    app = open_page(a="Basic CNN (textbook)", b="CNN-BN (textbook)")
    table = effects_table(app).set_index("Architecture")["Textbook, vs Basic CNN"]
    words = read_markdown(app)
    low, high = (float(end) for end in table["Deeper CNN"].split(" (")[1].removesuffix(", 1 run)").split(" to "))
    assert f"by 1.50 points (adjusted 95% CI {low:.2f} to {high:.2f}, p < 0.001)" in words
    low, high = table["CNN-BN"].replace("−", "").split(" (")[1].removesuffix(", 1 run)").split(" to ")
    assert f"by 1.95 points (adjusted 95% CI {high} to {low}, p < 0.001)" in words
    captions = [caption.value for caption in app.caption]
    assert "Intervals are adjusted for all 4 comparisons on this page." in captions


def test_with_one_recipe_the_page_says_where_the_other_would_show(shipped_store):
    for model in ("deeper_cnn", "basic_cnn"):
        write_run(shipped_store, model)
    app = open_page()
    assert "Train an architecture with two recipes to see this comparison." in [
        caption.value for caption in app.caption
    ]
    assert "Effect of the architecture" in read_markdown(app)


def test_settings_of_ones_own_are_not_taken_for_the_recipe(shipped_store):
    write_run(shipped_store, "deeper_cnn", batch_size=32)
    write_run(shipped_store, "basic_cnn", batch_size=32)
    app = open_page()
    assert "Architecture and recipe effects" not in [box.label for box in app.expander]


def test_single_runs_of_a_network_can_be_compared(shipped_store):
    for seed in (0, 1):
        write_run(shipped_store, "ann", seed, 8_800 + seed, run_id=f"ann-textbook-s{seed}")
    write_run(shipped_store, "basic_cnn", 0, 9_100)
    app = open_page(a="ANN (textbook), seed 0", b="ANN (textbook), seed 1")
    assert "Of these two runs, ANN (textbook), seed 0 and ANN (textbook), seed 1 do not differ significantly" in (
        read_markdown(app)
    )


def test_a_training_that_took_no_time_stands_in_the_leaderboard_alone(shipped_store):
    stopped = write_run(shipped_store, "ann")
    write_run(shipped_store)
    save_evaluation(stopped.directory, replace(stopped.evaluation, epochs=0, best_epoch=0, train_seconds=0.0))
    app = open_page(cost="Training time")
    assert "No model is significantly better than Basic CNN, the cheapest in training time" in read_markdown(app)
    assert len(app.dataframe[0].value) == 2


def test_a_model_is_not_compared_with_its_own_run(shipped_store):
    for seed in range(2):
        write_run(shipped_store, run_id=f"ann-textbook-s{seed}", **configure("ann", "textbook", seed))
    write_run(shipped_store)
    app = open_page(a="ANN (textbook)", b="ANN (textbook), seed 1")
    assert [info.value for info in app.info] == [
        "ANN (textbook), seed 1 is one of the runs of ANN (textbook). Choose two different models."
    ]


def test_of_one_model_two_runs_are_compared_at_first(shipped_store):
    for seed in range(2):
        write_run(shipped_store, run_id=f"ann-textbook-s{seed}", **configure("ann", "textbook", seed))
    app = open_page()
    assert not app.info
    assert "Of these two runs, ANN (textbook), seed 0 and ANN (textbook), seed 1 do not" in read_markdown(app)


def test_a_single_network_has_nothing_to_be_compared_with(shipped_store):
    write_run(shipped_store)
    app = open_page()
    assert "Basic CNN (textbook, 1 run) reaches 90.0% test accuracy." in read_markdown(app)
    assert not app.selectbox


def test_a_quick_trial_does_not_pull_its_network_down(shipped_store, own_store):
    write_run(shipped_store, right=9_100)
    write_run(own_store, seed=1, right=5_000, epochs=1)
    table = open_page(hidden="true").dataframe[0].value
    assert list(table["Model"]) == ["Basic CNN (textbook)", "Basic CNN (textbook), at most 1 epoch"]
    assert list(table["Runs"]) == [1, 1]


def test_an_unknown_network_in_the_address_is_reported(shipped_store):
    for model in ("ann", "basic_cnn"):
        write_run(shipped_store, model)
    app = open_page(a="Gone CNN")
    assert [warning.value for warning in app.warning] == ["The link has an unknown model or run: Gone CNN."]


def test_without_runs_the_page_says_what_to_do_next(shipped_store):
    app = open_page()
    assert "No trained models yet" in app.info[0].value
    assert not app.dataframe


def test_damaged_runs_leave_the_others_standing(shipped_store):
    write_run(shipped_store, "ann")
    broken = write_run(shipped_store, "basic_cnn")
    (broken.directory / "predictions.npz").write_bytes(b"PK\x03\x04 cut off")
    (shipped_store / "empty").mkdir()
    app = open_page()
    assert "ANN (textbook, 1 run) reaches" in read_markdown(app)
    assert plain(broken.id) in app.warning[0].value
    assert "1 of 3 runs cannot be read" in app.expander[0].label


def test_the_shipped_runs(shipped_runs):
    app = open_page()
    networks = {(run.config.model, run.config.recipe) for run in shipped_runs}
    listed = list(app.dataframe[0].value["Model"])
    assert len(listed) == len(networks) + 1
    assert listed[:2] == ["ResNet (tuned)", "3 × Compact CNN (tuned)"]  # which is the ensemble that ships


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
    assert "Network (textbook) beats Network (textbook) by 5.00 points" in read_markdown(after)
    assert "Deeper CNN" not in read_markdown(after)
    assert set(after.dataframe[0].value["Model"]) == {"Network (textbook)"}
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
    assert "Network (textbook) beats Network (textbook) by 2.00 points" in read_markdown(after)
