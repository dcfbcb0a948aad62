"""My pictures: how well do the models read them, and what do they teach?"""

import streamlit as st

from fmnist.ui.browser_key import hold_key, own_album
from fmnist.ui.guards import comparable, stop_if_read_only
from fmnist.ui.own_pictures.board import show_beginning, show_board
from fmnist.ui.own_pictures.collecting import add_waiting, show_tools
from fmnist.ui.predict.options import choose_asked
from fmnist.ui.show import show_header
from fmnist.ui.train.runs import tell_refusals
from fmnist.views.own_pictures import PRIVACY

show_header("My pictures", "How well do the models read your own pictures?")
tell_refusals()
stop_if_read_only("storing pictures")
runs, others = comparable()
album = own_album()
with st.container(horizontal=True, vertical_alignment="center", key="own_tools"):
    models = choose_asked(runs, others, folded=True)
    show_tools(album)
add_waiting()
if album is None:
    show_beginning()
else:
    show_board(album, models)
st.caption(PRIVACY)
hold_key()
