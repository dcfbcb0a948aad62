"""The test predictions of several runs, judged once and shared by the pages that go down to the single image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.titles import distinct_titles
from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.metrics import count_confusions
from fmnist.evaluation.mistakes import Judgement, judge
from fmnist.runs.run import CompleteRun
from fmnist.ui.guards import with_predictions


@dataclass(frozen=True, eq=False)
class Judged:
    """Runs with their probabilities (m, 10000, 10) on the test images, and what these amount to."""

    runs: Sequence[CompleteRun]
    probs: np.ndarray
    judgement: Judgement

    @property
    def names(self) -> list[str]:
        """The runs by name, as short as tells them apart."""
        return distinct_titles([SingleRun(run) for run in self.runs])

    @property
    def counts(self) -> list[np.ndarray]:
        """The confusion matrix of each run, int (10, 10)."""
        return [count_confusions(self.judgement.labels, predicted) for predicted in self.judgement.predicted]

    def position(self, run: CompleteRun) -> int:
        """Return which of the runs this is."""
        return [judged.id for judged in self.runs].index(run.id)


def judge_runs(runs: Sequence[CompleteRun]) -> Judged:
    """Judge the runs' test predictions; a run whose predictions are damaged is left out with a warning."""
    predictions = with_predictions(runs)
    readable = [run for run in runs if run.id in predictions]
    stamps = tuple((str(run.directory), run.stamp) for run in readable)
    probs, judgement = _judge(stamps, list(predictions.values()))
    return Judged(readable, probs, judgement)


def selection_frame(judged: Judged, positions: np.ndarray) -> pd.DataFrame:
    """Return the images at these positions of the test set as a table, with every run's answer, confidence and loss."""
    judgement, classes = judged.judgement, np.array(CLASS_NAMES)
    columns = {"image": positions, "true": classes[judgement.labels[positions]]}
    columns["disputed"] = judgement.issues.disputed[positions]
    for number, run in enumerate(judged.runs):
        columns[f"{run.id} predicted"] = classes[judgement.predicted[number, positions]]
        columns[f"{run.id} confidence"] = judgement.confidence[number, positions].round(6)
        columns[f"{run.id} loss"] = judgement.loss[number, positions].round(6)
    return pd.DataFrame(columns)


@st.cache_resource(max_entries=16, show_spinner=False)
def _judge(stamps: tuple, _predictions: list) -> tuple[np.ndarray, Judgement]:  # noqa: ARG001
    probs = np.stack([prediction.test_probs for prediction in _predictions])
    return probs, judge(_predictions[0].test_labels, probs)
