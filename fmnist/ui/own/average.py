"""Make an ensemble: its members are runs, or all seeds of a model."""

from collections.abc import Sequence
from statistics import fmean
from typing import cast

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.ensemble import Ensemble
from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.seed_group import group_seeds
from fmnist.contenders.selection import reasons_to_hide
from fmnist.ensembles.records import Average
from fmnist.ensembles.store import create_ensemble, draft_ensemble
from fmnist.errors import InputError
from fmnist.naming import LONGEST_NAME
from fmnist.runs.run import CompleteRun, RunError
from fmnist.ui.choices import choose_option
from fmnist.ui.guards import complete_runs
from fmnist.ui.markup import plain
from fmnist.ui.models import choose_models
from fmnist.ui.own.made import look_at
from fmnist.ui.remember import remember
from fmnist.ui.show import show_claim
from fmnist.ui.train.runs import attempt, tell_refusals
from fmnist.views import members
from fmnist.views.parts import Finding

_AVERAGES = {"calibrated": "Calibrated probabilities", "plain": "Plain probabilities"}
_NAME = "ensemble_name"


def make_ensemble() -> None:
    """Let the user choose runs and how to average them; say what that reaches on validation images, then make it."""
    runs = complete_runs()
    chosen = choose_models(runs, label="Members", default=_best_seeds(runs), key="members", folded=False)
    average = cast(Average, choose_option("Average of", _AVERAGES, key="average"))
    parts = _list_runs(chosen)
    try:
        draft = Ensemble(draft_ensemble([run.id for run in parts], average), sorted(parts, key=lambda run: run.id))
        with st.spinner("Averaging …"):
            show_claim(remember(_preview, [draft]))
    except (InputError, RunError) as error:
        st.info(plain(str(error)), icon=":material/checklist:")
        return
    st.caption(members.HONEST)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name", key=_NAME, max_chars=LONGEST_NAME, placeholder=draft.title, width=320)
        made = [draft.members, average]
        st.button("Make the ensemble", type="primary", icon=":material/join:", on_click=_make, args=made)
    tell_refusals()


def _make(keys: Sequence[str], average: Average) -> None:
    def make() -> None:
        look_at(create_ensemble(keys, average, st.session_state[_NAME]).key)
        st.session_state[_NAME] = ""

    attempt(make)


def _list_runs(chosen: Sequence[Contender]) -> list[CompleteRun]:
    """Return the runs of what was chosen, each once."""
    runs = [run for model in chosen if isinstance(model, OfRuns) for run in model.runs]
    return list({run.id: run for run in runs if isinstance(run, CompleteRun)}.values())


def _best_seeds(runs: Sequence[CompleteRun]) -> list[str]:
    """Return the key of the model with several seeds that is best on validation images."""
    groups = group_seeds(runs)
    hidden = reasons_to_hide(groups)
    several = [group for group in groups if len(group.runs) > 1 and group.key not in hidden]
    best = max(several, key=lambda group: fmean(one.val_accuracy for one in group.evaluations), default=None)
    return [] if best is None else [best.key]


def _preview(drafts: Sequence[Ensemble]) -> Finding:
    return members.preview(drafts[0])
