"""Overview: which model is best, what does it cost, and is its lead significant?"""

import streamlit as st

from fmnist.ui.choices import choose_option
from fmnist.ui.guards import compared_models
from fmnist.ui.overview.board import build_standings
from fmnist.ui.overview.comparisons import show_comparisons
from fmnist.ui.overview.report import offer_report
from fmnist.ui.remember import remember
from fmnist.ui.show import show_drawn, show_finding, show_header, show_table
from fmnist.views.leaderboard import COSTS, Options

show_header("Overview", "Which model is best, what does it cost, and is its lead significant?")
compared = {model.key: model for model in compared_models()}
finding, headline, leaderboard = st.container(), st.container(), st.container()
left, right = st.columns(2, gap="medium")
with right:
    frontier = st.empty()
    cost = choose_option("Compare accuracy with", {key: cost.name for key, cost in COSTS.items()}, key="cost")

standings = remember(build_standings, list(compared.values()), Options(cost))
models = [compared[key] for key in standings.ranking]
with finding:
    show_finding(standings.finding)
    st.markdown(standings.best_set)
with left:
    st.markdown(f"**{standings.captions['accuracies']}**")
    show_drawn(standings.figures["accuracies"])
with right:
    if "accuracy_cost" in standings.figures:
        frontier.markdown(f"**{standings.captions['accuracy_cost']}**")
        show_drawn(standings.figures["accuracy_cost"])
    if COSTS[cost].note:
        st.caption(COSTS[cost].note)
with leaderboard:  # filled after the figures, which need no table library
    show_table(standings.table, "leaderboard", "leaderboard.csv")
show_comparisons(models, headline)
offer_report(models)
