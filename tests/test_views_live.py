"""The curves of one training while it runs."""

from dataclasses import dataclass

from fmnist.contenders.contender import Training
from fmnist.contenders.looks import Look, look_of
from fmnist.recipes.config import RunConfig
from fmnist.runs.records import Epoch
from fmnist.views.live import explain, figures

LOOK = look_of("ann", "textbook")
CONFIG = RunConfig("ann", "textbook", seed=0, epochs=30, batch_size=64, learning_rate=1e-3, patience=4)


@dataclass(frozen=True)
class Running:
    """A run that has reached some epochs."""

    epochs: int
    kind: str = "run"
    key: str = "ann-textbook-s0"
    title: str = "ANN (textbook), seed 0"
    short_title: str = "ANN (textbook)"
    group: str = "ann:textbook"
    group_title: str = "ANN (textbook)"
    look: Look = LOOK

    def history(self) -> list[Epoch]:
        return [Epoch(i + 1, 1 / (i + 1), 0.8, 1 / (i + 2), 0.9, 1e-3, 2.0) for i in range(self.epochs)]

    def trainings(self) -> list[Training]:
        return [Training(CONFIG, self.history(), finished=True)]


def draw(epochs: int, limit: int):
    return figures(Running(epochs), limit)["train_accuracy"].figure


def test_the_figures_are_described_and_the_best_epoch_is_told():
    drawn = figures(Running(3), 30)
    assert drawn["train_loss"].description == (
        "Loss of ANN (textbook) by epoch, on training and validation images. Lowest: ANN (textbook) 0.250 at epoch 3."
    )
    assert explain(Running(3).history()) == (
        "Lowest validation loss: 0.250 at epoch 3 (90.0% accuracy). "
        "The thick line is validation, the thin line training."
    )


def test_no_bar_is_drawn_where_a_training_ended():
    assert not any(trace.marker.symbol == "line-ns" for trace in draw(3, 30).data)


def test_the_first_epoch_is_seen_as_points():
    lines = [trace for trace in draw(1, 30).data if "lines" in trace.mode]
    assert [list(trace.y) for trace in lines] == [[80.0], [90.0]]
    assert all(trace.mode == "lines+markers" for trace in lines)


def test_the_axis_has_room_for_the_first_epochs_and_then_grows():
    ends = [round(draw(*each).layout.xaxis.range[1]) for each in ((1, 30), (1, 2), (5, 30), (12, 30))]
    assert ends == [5, 2, 5, 12]


def test_a_zoom_outlives_a_new_epoch():
    assert draw(3, 30).layout.uirevision == draw(4, 30).layout.uirevision


def test_the_first_epochs_are_all_within_the_figure():
    losses = {epochs: figures(Running(epochs), 30)["train_loss"].figure for epochs in (5, 6)}
    assert losses[5].layout.yaxis.range is None
    assert losses[6].layout.yaxis.range is not None  # the first two would take up more than half of the axis


def test_many_epochs_are_lines():
    assert not any(trace.mode == "lines+markers" for trace in draw(31, 100).data)


def test_the_best_epoch_is_named_within_the_figure():
    (label,) = draw(12, 30).layout.annotations
    assert (label.text, label.x, label.xanchor) == ("best: epoch 12", 12, "right")
    (label,) = draw(1, 30).layout.annotations
    assert (label.text, label.x, label.xanchor) == ("best: epoch 1", 1, "left")
