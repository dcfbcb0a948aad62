"""Overview: which model is best, at what cost, and is the lead real?"""

import streamlit as st

from fmnist.contenders.seed_group import group_seeds
from fmnist.ui.choices import choose_option
from fmnist.ui.guards import complete_runs
from fmnist.ui.overview.board import describe_lead, rank_networks, read_results, show_leaderboard
from fmnist.ui.overview.factors import list_pairs, show_factors
from fmnist.ui.overview.report import offer_report
from fmnist.ui.overview.verdicts import list_sides, show_comparisons
from fmnist.ui.show import show_figure, show_finding, show_header
from fmnist.views.leaderboard import (
    COSTS,
    accuracy_figure,
    cost_figure,
    describe_accuracies,
    describe_frontier,
    with_cost,
)

show_header("Overview", "Which model is best, at what cost, and is the lead real?")
runs = complete_runs()
results = read_results(runs)
networks = group_seeds(run for run in runs if run.id in results)
entries = rank_networks(networks, results)
sides = list_sides(networks, entries)
pairs = list_pairs(sides)

show_finding(describe_lead(entries))
headline = st.container()
leaderboard = st.container()

left, right = st.columns(2, gap="medium")
with left:
    st.markdown(f"**{describe_accuracies(entries)}**")
    show_figure(accuracy_figure(entries), "accuracies", "Test accuracy of each network with its 95 % interval")
with right:
    finding = st.empty()
    cost = COSTS[choose_option("Accuracy against", {key: cost.name for key, cost in COSTS.items()}, key="cost")]
    if priced := with_cost(entries, cost):
        finding.markdown(f"**{describe_frontier(priced, cost)}**")
        show_figure(cost_figure(priced, cost), "accuracy_cost", f"Test accuracy against {cost.title}")
    if cost.note:
        st.caption(cost.note)

with leaderboard:  # filled after the figures, which need no table library
    show_leaderboard(entries)
if len(sides) > 1:
    effects = show_comparisons(sides, pairs, results, headline)
    if effects:
        show_factors(effects, entries)
offer_report(networks, entries)
