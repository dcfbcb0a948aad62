"""Before and after training, on Inside: the same networks with the weights from which their training started."""

from collections.abc import Sequence

import streamlit as st

from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.untrained import UntrainedRun
from fmnist.jobs.libraries import describe_missing_libraries
from fmnist.jobs.untrained import DESK, start_untrained
from fmnist.runs.run import CompleteRun
from fmnist.ui.aside import follow_work, offer_work
from fmnist.ui.choices import choose_option
from fmnist.ui.markup import plain
from fmnist.views.inside import NOT_KEPT, UNTRAINED, describe_making
from fmnist.wording import join

_WEIGHTS = {"after": "Trained", "before": "Before training", "both": "Both"}


def choose_weights() -> str:
    """Let the user choose whether networks are seen before their training, after it, or the first one both ways."""
    return choose_option("Weights", _WEIGHTS, "weights")


def with_weights(networks: Sequence[SingleRun], weights: str) -> list[SingleRun]:
    """Return the networks with the chosen weights; where those before training are missing, offer to make them."""
    if weights == "after":
        return list(networks)
    asked = list(networks if weights == "before" else networks[:1])
    missing = [one for one in asked if one.run.untrained is None]
    if not follow_work(DESK, describe_making, [one.key for one in missing], "Making the untrained network") and missing:
        _offer(missing)
    if missing:
        return list(networks)
    st.caption(UNTRAINED)
    found = [UntrainedRun(one.run) for one in asked if isinstance(one.run, CompleteRun)]
    return [*found, asked[0]] if weights == "both" else [*found]


def _offer(missing: Sequence[SingleRun]) -> None:
    keys = [one.key for one in missing]
    with st.container(border=True, key="untrained"):
        st.markdown(plain(f"{NOT_KEPT} {join([one.title for one in missing])}."))
        offer_work("Draw them", ":material/restart_alt:", lambda: start_untrained(keys), describe_missing_libraries())
