"""The test images that excite a map or unit most, found while the page is open, and how many channels are dead."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES
from fmnist.inference.inside.survey import SAMPLE, Excitement, Survey
from fmnist.ui import store
from fmnist.ui.inside.networks import look_at, open_network, survey_of
from fmnist.ui.inside.scene import Scene
from fmnist.ui.inside.subject import set_test_image
from fmnist.ui.inside.tiles import Laid, Tile, lay_tiles, show_tiles
from fmnist.ui.remember import remember
from fmnist.views import inside
from fmnist.views.inside import Channels
from fmnist.views.inside_pictures import spread
from fmnist.views.overlay import occlusion_overlay

_ALL = "inside_all"  # of the session: whether all test images are to be looked at


def show_excitement(scene: Scene, channels: Channels, channel: int, dead: DeltaGenerator) -> None:
    """Show the images that excite a channel most, and how many channels are `dead`; raises DataUnavailableError."""
    survey = survey_of(scene.run)
    place = scene.stages.index(channels.stage)
    _look(survey)
    found = survey.found(place)
    words = inside.describe_dead(channels, found.active, survey.done)
    if words:
        dead.markdown(words)
    name = scene.name(channels, channel)
    if channels.stage != scene.stages[-1]:
        name = name.lower()
    st.markdown(f"**Test images that excite {name} most**, of {survey.done:,}")
    tiles = remember(_tiles, [scene.run], place, channel, found.images[channel].tobytes())
    label = f"Test images that excite {name} of {scene.run.title} most"
    show_tiles(tiles, scene.side.key("excite"), label, None, set_test_image, side=84)
    if survey.done < survey.total:
        label = f"Look at all {survey.total:,}"
        st.button(label, icon=":material/search:", key=scene.side.key("all"), on_click=_look_at_all, type="tertiary")


def _look(survey: Survey) -> None:
    """Look at the sample, or at all images where the user wants that; a click ends it, and the next run goes on."""
    until = survey.total if st.session_state.get(_ALL) else SAMPLE
    if survey.done >= min(until, survey.total):
        return
    with st.empty().container():
        bar = st.progress(0.0)
        stop = st.container()
        if st.session_state.get(_ALL):
            stop.button("Stop", key="stop_looking", on_click=_stop)

        def tell(done: int) -> None:
            bar.progress(done / until, f"Looking at test images: {done:,} of {until:,}")

        survey.advance(until, tell)
    bar.empty()
    stop.empty()


def _look_at_all() -> None:
    st.session_state[_ALL] = True


def _stop() -> None:
    st.session_state[_ALL] = False


def _tiles(runs: list[SingleRun], place: int, channel: int, _: bytes) -> Laid:
    run, dataset = runs[0], store.dataset()
    found: Excitement = survey_of(run).found(place)
    stage = [stage for row in open_network(run).stages for stage in row][place]
    tiles = []
    for index, peak in zip(found.images[channel].tolist(), found.peaks[channel].tolist(), strict=True):
        if index < 0 or peak <= 0:
            continue
        image = dataset.test_images[index]
        channels = inside.rank_channels(look_at(run, image.tobytes()), stage)
        drops = spread(channels.values[..., channel], stage) if channels.are_maps else None
        picture = image[..., None].repeat(3, axis=2) if drops is None else occlusion_overlay(image, drops, peak)
        lines = (f"image {index:,}", f"value {inside.number(peak)}")
        tiles.append(Tile(index, CLASS_NAMES[dataset.test_labels[index]], picture, lines))
    return lay_tiles(tiles)
