"""Stress: when does each model break?"""

import streamlit as st

from fmnist.ui.choices import choose_option
from fmnist.ui.guards import comparable, dataset_or_stop
from fmnist.ui.hidden import stop_if_hidden
from fmnist.ui.models import choose_rows
from fmnist.ui.show import show_header
from fmnist.ui.stress.attacks import show_attacks
from fmnist.ui.stress.board import (
    VIEWS,
    default_keys,
    show_confidence,
    show_found,
    show_kinds,
    show_severities,
    show_sweeps,
)
from fmnist.ui.stress.images import show_flips, show_pictures
from fmnist.ui.stress.measuring import with_results

SHOW = {"kinds": show_kinds, "severity": show_severities, "sweeps": show_sweeps, "confidence": show_confidence}

show_header("Stress", "When does each model break?")
stop_if_hidden("the answers to corrupted images")
runs, others = comparable()
finding = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = choose_rows(runs, others, default_keys(runs))
    view = choose_option("View", VIEWS, "view")
if view == "attacks":
    show_attacks(chosen, finding)
    st.stop()
models = with_results(chosen)
with finding:
    show_found(models)
if view == "pictures":
    show_pictures(dataset_or_stop())
elif view == "flips":
    show_flips(models, dataset_or_stop())
else:
    SHOW[view](models)
