"""Ship: which file to deploy, and does it answer as its run does?"""

import streamlit as st

from fmnist.contenders.single_run import SingleRun
from fmnist.export import results
from fmnist.export.jobs import find_job
from fmnist.export.store import find_exported
from fmnist.ui.announcement import announce
from fmnist.ui.guards import dataset_or_offer, stop_if_read_only
from fmnist.ui.ship.board import show_results
from fmnist.ui.ship.form import ask_export, choose_margin, choose_run, tell_failure
from fmnist.ui.ship.running import follow
from fmnist.ui.show import show_finding, show_header

show_header("Ship", "Which file do I deploy, and does it give the same answers?")
stop_if_read_only("exporting")
finding = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    run = choose_run()
    margin = choose_margin()
job, exported = find_job(run.id), find_exported(run.id)
if dataset_or_offer() is not None:
    ask_export(run, margin, job)
tell_failure(job)
if job is not None and job.is_running:
    follow(job)
found = results.compute(run.id, exported.rows, margin) if exported else None
with finding:
    said = results.finding(found) if found else results.invite(SingleRun(run).title)
    show_finding(said)
    announce(said.headline if found else "")
if found and exported:
    show_results(found, exported, SingleRun(run))
