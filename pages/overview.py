"""Overview: which model is best, what does it cost, and is its lead significant?"""

import streamlit as st

from fmnist.ui.choices import choose_option
from fmnist.ui.guards import compared_models
from fmnist.ui.overview.board import build_rows, build_standings
from fmnist.ui.overview.comparisons import list_contenders, show_effects, show_pair, show_tests
from fmnist.ui.overview.lessons import show_lessons
from fmnist.ui.overview.report import offer_report
from fmnist.ui.overview.rows import choose_rows, find_floor, show_rows
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_evidence, show_finding, show_header, show_section
from fmnist.views.leaderboard import COSTS, Options

show_header("Overview", "Which model is best, what does it cost, and is its lead significant?")
compared = {model.key: model for model in compared_models()}
standings = remember(build_standings, list(compared.values()))
models = [compared[key] for key in standings.ranking]
show_finding(standings.finding)
listed, hidden = choose_rows(models)
if listed:
    table = st.container()
    left, right = st.columns(2, gap="medium")
    with right:
        frontier = st.container()
        costs = {key: cost.name for key, cost in COSTS.items()}
        cost = choose_option("Compare accuracy with", costs, key="cost", what="cost that exists here")
    options = Options(cost, find_floor(models, hidden))
    # in the order in which the standings had them, so that they are ranked once
    rows = remember(build_rows, list(compared.values()), tuple(model.key for model in listed), options)
    with left:
        show_section(rows.captions["accuracies"])
        show_drawn(rows.figures["accuracies"], key="accuracies")
    with frontier:
        if "accuracy_cost" in rows.figures:
            show_section(rows.captions["accuracy_cost"])
            show_drawn(rows.figures["accuracy_cost"], key="accuracy_cost")
        if COSTS[cost].note:
            st.caption(COSTS[cost].note)
    with table:  # filled after the figures, which need no table library
        show_rows(rows.table, listed)
else:
    st.info("No models match these filters.", icon=":material/filter_alt_off:")

if len(list_contenders(models)) > 1:
    show_evidence("Compare any two models", "compare", lambda: show_pair(models))
if standings.has_effects:
    show_evidence("Architecture and recipe effects", "effects", lambda: show_effects(models))
if len(models) > 1:
    show_evidence("How was this tested?", "tests", lambda: show_tests(models, standings.best_set))
offer_report(models)
show_lessons()
