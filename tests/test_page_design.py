"""The Design page: layers are edited, errors are told at their layer, and what is saved can be trained."""

import pytest
from served_pages import finding, open_page, press
from streamlit.testing.v1 import AppTest

from fmnist.architectures.notation import read_layers
from fmnist.designs.store import list_designs, save_design
from fmnist.jobs.queue import list_queue
from fmnist.ui.design import state


def layers_of(app: AppTest) -> list[str]:
    return [title.split(". ")[1] for title in app.radio(key="design_at").options]


def choose(app: AppTest, place: int) -> AppTest:
    return app.radio(key="design_at").set_value(place).run()


def control(app: AppTest, label: str):
    controls = [*app.selectbox, *app.number_input, *app.toggle]
    return next(each for each in controls if each.label.startswith(label))


def disabled(app: AppTest, label: str) -> bool:
    return next(button for button in app.button if button.label == label).disabled


def test_layers_are_added_duplicated_moved_removed_and_brought_back(dataset):
    app = open_page("Design")
    assert finding(app) == "421,642 parameters, 4.2 million multiply-adds"
    basic = layers_of(app)
    assert basic == [
        "Convolution 3×3, 32",
        "Max-pooling 2×2",
        "Convolution 3×3, 64",
        *basic[1:2],
        "Flatten",
        "Dense, 128",
    ]
    assert disabled(app, "Move up") and disabled(app, "Undo")
    press(choose(app, 2), "Duplicate")
    press(app, "Move up")
    press(app, "Add")
    assert layers_of(app) == [*basic[:3], "Convolution 3×3, 64", "Convolution 3×3, 64", *basic[3:]]
    assert app.radio(key="design_at").value == 3
    press(press(app, "Remove"), "Remove")
    assert "layers" not in app.query_params  # the duplicate was as good as the original
    for _ in range(5):
        press(app, "Undo")
    assert layers_of(app) == basic
    assert disabled(app, "Undo")


def test_a_field_changes_its_layer_and_a_link_shows_it_elsewhere(dataset):
    app = choose(open_page("Design", start="ann"), 1)
    control(app, "Units").set_value(300).run()
    control(app, "Batch normalisation").set_value(True).run()
    control(app, "Activation").set_value("gelu").run()
    assert app.query_params == {"start": "ann", "layers": "flat_dense300-norm-gelu_dense64"}
    elsewhere = open_page("Design", **app.query_params)
    assert layers_of(elsewhere) == ["Flatten", "Dense, 300", "Dense, 64"]
    control(choose(elsewhere, 2), "Kind of layer 3").set_value("dropout").run()
    assert elsewhere.query_params["layers"] == "flat_dense300-norm-gelu_drop0.25"
    control(elsewhere, "Start from").set_value("resnet").run()
    assert finding(elsewhere) == "757,530 parameters, 34.3 million multiply-adds"
    assert elsewhere.query_params == {"start": "resnet"}


def test_another_kind_keeps_what_it_may_have(dataset):
    app = open_page("Design", layers="pool-s7_conv8-k5_flat")
    control(app, "Kind of layer 1").set_value("convolution").run()
    assert app.query_params["layers"] == "conv32_conv8-k5_flat"
    control(choose(app, 1), "Kind of layer 2").set_value("residual").run()
    assert app.query_params["layers"] == "conv32_res8-k5_flat"


@pytest.mark.parametrize(("place", "to"), [(0, -1), (2, 3)])
def test_a_second_click_before_the_button_is_disabled_moves_nothing(monkeypatch, place, to):
    layers = read_layers("conv8_pool_gap")
    monkeypatch.setattr(state.st, "session_state", {"layers": layers})
    state.move_layer(place, to)
    assert state.current_layers() == layers


@pytest.mark.parametrize(("layers", "left"), [("conv8_pool_flat", "pool_flat"), ("conv8", "none")])
def test_a_field_that_is_changed_together_with_a_click_on_remove_changes_no_other_layer(dataset, layers, left):
    app = open_page("Design", layers=layers)
    control(app, "Channels").set_value(64)
    press(app, "Remove")
    assert app.query_params["layers"] == left


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ("conv8_pool_pool_pool_pool_pool_flat", "Layer 6: 2×2 pooling of a 1×1 map."),
        ("conv8", "The output needs one row of values."),
        ("none", "The output needs one row of values."),
        ("conv512_conv512_gap", "1,853 million multiply-adds per image; at most 200 million are allowed."),
    ],
)
def test_what_cannot_be_trained_is_told_and_cannot_be_saved(dataset, layers, expected):
    app = open_page("Design", layers=layers)
    assert finding(app) == expected
    assert disabled(app, "Save")
    assert not [metric for metric in app.metric if metric.label == "Training time"]


@pytest.mark.parametrize("layers", ["attention8", "conv9999", "<script>", "conv8_" * 500, "conv16-k3-", "\0"])
def test_hostile_links_show_the_network_to_start_from(dataset, layers):
    app = open_page("Design", start="ann", layers=layers)
    assert layers_of(app) == ["Flatten", "Dense, 128", "Dense, 64"]
    assert "invalid value" in app.warning[0].value


def test_a_saved_design_is_trained_by_any_recipe_and_deleted(dataset, own_store, busy):
    app = open_page("Design", layers="flat_dense16")
    app.text_input(key="design_name").set_value("My net").run()
    press(app, "Save")
    (saved,) = list_designs()
    assert (saved.title, saved.layers) == ("My net", read_layers("flat_dense16"))
    assert "Saved as My net." in [toast.value for toast in app.toast]
    (link,) = app.get("page_link")[:1]
    assert link.proto.label == "Train My net"

    train = open_page("Train", networks=saved.name, recipes="tuned", share="1")
    press(train, next(button.label for button in train.button if button.label.startswith("Start")))
    (run,) = list_queue(own_store)
    assert (run.config.model, run.config.title, run.config.layers) == (saved.name, "My net", saved.layers)
    assert any("My net (tuned)" in text.value for text in [*train.markdown, *train.header])

    app.multiselect(key="design_deleted").set_value([saved.name]).run()
    press(app, "Delete permanently")
    assert list_designs() == []


def test_a_name_without_letters_is_refused(dataset):
    app = press(open_page("Design"), "Save")
    assert "Give the design a name with letters or digits." in [toast.value for toast in app.toast]
    assert list_designs() == []


def test_a_saved_design_is_a_beginning_and_its_code_can_be_copied(dataset):
    saved = save_design("Wide & deep", read_layers("conv16_gap"))
    app = open_page("Design", start=saved.name, code="true", written_for="torch")
    assert layers_of(app) == ["Convolution 3×3, 16", "Global average"]
    assert "nn.Conv2d(1, 16, 3, padding=1, bias=False)" in app.code[0].value
