"""One map, or unit, close up: where it responds on the image, its kernels, and the test images that excite it most."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.dataset import DataUnavailableError
from fmnist.inference.frame import Step
from fmnist.ui.inside.excitement import show_excitement
from fmnist.ui.inside.scene import Scene
from fmnist.ui.inside.sums import show_sum
from fmnist.ui.inside.zoom import show_zoom
from fmnist.ui.markup import plain
from fmnist.ui.pictures import steps_html
from fmnist.ui.show import show_section
from fmnist.views import inside
from fmnist.views.inside import Channels
from fmnist.views.inside_pictures import field_on_image, positions_of_pixels, spread
from fmnist.views.inside_weights import list_kernels
from fmnist.views.overlay import occlusion_overlay


def show_channel(scene: Scene, channels: Channels, channel: int, dead: DeltaGenerator) -> None:
    """Show a channel of a stage close up; `dead` is the place for what is known of the other channels by then."""
    show_section(scene.name(channels, channel))
    row, column = scene.side.recall_position(channels, channel)
    if channels.are_maps:
        left, right = st.columns([1, 1])
        with left:
            _show_on_image(scene, channels, channel, row, column)
        with right:
            _show_kernels(scene, channels, channel)
            show_sum(scene, channels, channel, row, column)
    else:
        show_sum(scene, channels, channel, row, column)
    try:
        show_excitement(scene, channels, channel, dead)
    except DataUnavailableError as error:
        st.info(plain(str(error)), icon=":material/download:")


def _show_on_image(scene: Scene, channels: Channels, channel: int, row: int, column: int) -> None:
    stage, (height, width, _) = channels.stage, channels.values.shape
    values = channels.values[..., channel]
    set_place = scene.side.setter("at")

    def pick(down: int, across: int) -> None:
        rows, columns = positions_of_pixels(stage)
        set_place(1 + int(rows[down]) * width + int(columns[across]))

    def move(down: int, across: int) -> None:
        to = min(max(row + down, 0), height - 1), min(max(column + across, 0), width - 1)
        set_place(1 + to[0] * width + to[1])

    picture = occlusion_overlay(scene.subject.image, spread(values, stage), channels.limit)
    said = inside.describe_position(channels, channel, row, column)
    show_zoom(picture, field_on_image(stage, row, column), scene.side.key("zoom"), said, pick, move)
    st.caption(f"{said} The frame is its receptive field. Click, or use the arrow keys, to choose another value.")


def _show_kernels(scene: Scene, channels: Channels, channel: int) -> None:
    kernels = list_kernels(scene.opened, channels.stage, channel)
    if not kernels:
        return
    inputs = channels.stage.before.shape[-1]
    steps = [Step("On the image" if inputs == 1 else f"On map {one.channel + 1}", "", one.picture) for one in kernels]
    st.html(steps_html(steps))
    shown = f" The {len(kernels)} largest of {inputs}." if len(kernels) < inputs and len(kernels) > 1 else ""
    folded = " Batch normalisation is part of it." if channels.stage.normalised else ""
    st.caption(f"Kernel: red adds, blue subtracts.{folded}{shown}")
