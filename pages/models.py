"""Models: how does a model of your own compare?"""

import streamlit as st

from fmnist.contenders.own import list_own
from fmnist.ui.choices import choose_option
from fmnist.ui.guards import show_unavailable, stop_if_read_only
from fmnist.ui.hidden import labels_are_hidden, tell_how_to_import
from fmnist.ui.own.average import make_ensemble
from fmnist.ui.own.bring import bring_model
from fmnist.ui.own.listed import show_own
from fmnist.ui.own.made import find_made, show_made
from fmnist.ui.show import show_finding, show_header
from fmnist.views import own

TASKS = {"import": "Bring a model", "ensemble": "Make an ensemble", "own": "Your models"}
KINDS = {"import": "imported", "ensemble": "ensemble"}
ASKED = {
    "import": "Import predictions or a model file to see where your model stands.",
    "ensemble": "Average several runs to see what each member adds.",
}
HIDDEN = "Submissions are tested on hidden images."

show_header("Models", "How does a model of your own compare?")
stop_if_read_only("bringing or changing models")
finding = st.container()
task = choose_option("Task", TASKS, key="task")
with finding:
    made = find_made(KINDS.get(task, ""))
    if task == "own":
        show_finding(own.finding(list_own()))
    elif made is None:
        show_finding(HIDDEN if labels_are_hidden() else ASKED[task])
    else:
        show_made(made)
if task == "own":
    show_unavailable()
    show_own()
elif labels_are_hidden():
    tell_how_to_import()
elif task == "ensemble":
    make_ensemble()
else:
    show_unavailable()
    bring_model()
