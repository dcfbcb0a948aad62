"""Map: where do the test images lie in a network's features?"""

import streamlit as st

from fmnist.ui.browse import browse_images
from fmnist.ui.data_map.board import build_map, build_parts, choose_options_of_map, choose_runs, circled, show_map
from fmnist.ui.data_map.making import follow_map, offer_other_maps
from fmnist.ui.guards import dataset_or_offer
from fmnist.ui.hidden import stop_if_hidden
from fmnist.ui.image_detail import show_opened_image
from fmnist.ui.remember import remember
from fmnist.ui.show import show_evidence, show_finding, show_header, show_method, show_section, show_table
from fmnist.views import data_map as view
from fmnist.views.mistakes import Images
from fmnist.wording import plural

show_header("Map", "Where do the test images lie in a network's features?")
stop_if_hidden("a map of the test images")
finding = st.container()
follow_map()
with st.container(horizontal=True, vertical_alignment="bottom"):
    runs = choose_runs()
    options = choose_options_of_map()
parts = remember(build_parts, runs, options)
data_map = remember(build_map, runs)
with finding:
    show_finding(parts.finding)
sides = st.columns(len(runs), gap="medium")
for side, run, name in zip(sides, runs, data_map.judged.names, strict=True):
    with side:
        show_map(parts.figures[run.key], name)
st.caption("Click a point to mark its image in each map, or circle some with the lasso.")
dataset = dataset_or_offer()
shown = circled()
if dataset is not None and options.marked is not None:
    for place, name in enumerate(data_map.judged.names):
        show_section(f"Nearest to test image {options.marked:,} in {name}")
        near = view.neighbours(data_map, place, options.marked)
        browse_images(data_map.judged, dataset, Images("", near, place), f"near_{place}")
elif dataset is not None and len(shown):
    show_section(plural(len(shown), "circled image"))
    browse_images(data_map.judged, dataset, Images("", shown, 0), "circled")
show_evidence("Neighbours by class", "by_class", lambda: show_table(parts.table, "neighbours", parts.file_name))
show_evidence("Map of another run", "another", offer_other_maps)
show_method([view.CAVEAT])
if dataset is not None:
    show_opened_image(runs, dataset, shown)
