"""Confirm on the Search page: retrain the best trials with fresh seeds, and see how much of the lead was luck."""

from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st

from fmnist.runs.run import RunError
from fmnist.search.confirm import FINALISTS, SEEDS, read_confirmation, start_confirmation
from fmnist.search.records import Confirmation
from fmnist.search.store import Study, is_own
from fmnist.search.trials import Trials
from fmnist.ui.markup import plain
from fmnist.ui.remember import remember
from fmnist.ui.search.studies import Parts
from fmnist.ui.show import show_claim, show_drawn, show_section, show_table
from fmnist.ui.train.runs import attempt
from fmnist.views import confirmation as confirming
from fmnist.views.parts import Drawn, Finding, Table

_WHY = (
    "A search picks the luckiest of many trials. Retrain the best "
    f"{FINALISTS} with {SEEDS} fresh seeds each: only these runs are evaluated on the test images."
)


@dataclass(frozen=True)
class _Confirmed:
    """A study's trials with their retrainings, as a cache sees them."""

    trials: Trials
    confirmation: Confirmation

    @property
    def key(self) -> str:
        return self.trials.key

    @property
    def title(self) -> str:
        return self.trials.title

    @property
    def version(self) -> Hashable:
        return self.trials.version, self.confirmation


def show_confirmation(study: Study, parts: Parts) -> None:
    """Show what fresh seeds have reached, or offer to train them; nothing before a trial has finished."""
    if parts.search.best is None or study.record.space is None:
        return
    try:
        found = read_confirmation(study)
    except (RunError, OSError) as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return
    if found is None and not is_own(study):
        return
    show_section("Confirm the best trials")
    if found is None:
        st.caption(_WHY)
        st.button("Confirm", icon=":material/verified:", on_click=lambda: attempt(lambda: start_confirmation(study)))
        return
    claim, table, drawn, waiting = remember(_build, [_Confirmed(parts.search.trials, found)])
    show_claim(claim)
    if waiting:
        st.caption("The retrainings are in the queue of the Train page.")
        st.page_link("pages/train.py", label="Watch them train", icon=":material/model_training:")
        problems = sorted({run.problem for run in found.runs} - {"", "queued", "running", "finished"})
        if problems:
            st.warning(f"Some retrainings did not finish: {plain(', '.join(problems))}.", icon=":material/warning:")
            st.button("Confirm again", on_click=lambda: attempt(lambda: start_confirmation(study)))
    if drawn is not None:
        show_drawn(drawn, key="confirmed")
    show_table(table, "confirmed_table", f"{study.key}-confirmed.csv")


def _build(found: list[_Confirmed]) -> tuple[Finding, Table, Drawn | None, int]:
    compared = confirming.compute(found[0].trials, found[0].confirmation)
    some = any(each.fresh for each in compared.finalists)
    drawn = confirming.draw(compared) if some else None
    return confirming.finding(compared), confirming.table(compared), drawn, compared.open
