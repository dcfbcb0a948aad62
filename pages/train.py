"""Train: choose, start, watch, stop."""

from fmnist.ui.guards import dataset_or_offer, stop_if_read_only
from fmnist.ui.show import show_header
from fmnist.ui.train.endings import tell_endings
from fmnist.ui.train.form import ask_trainings
from fmnist.ui.train.log import show_opened_log
from fmnist.ui.train.runs import ACTIVE, asked_for, choose_ended, find_watched, own_runs
from fmnist.ui.train.sides import open_sides
from fmnist.ui.train.watch import follow

show_header("Train", "Train models and watch them learn.")
stop_if_read_only("training")
runs = own_runs()
tell_endings(runs)
watched = find_watched(runs)
form, watching, ended = open_sides(active=asked_for() is not None or any(run.state in ACTIVE for run in runs))
with form:
    if dataset_or_offer():
        ask_trainings()
with ended:
    choose_ended(runs, watched)
with watching:
    follow(watched, runs)
show_opened_log(runs)
