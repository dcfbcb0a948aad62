"""What is opened of one network: a layer, a step of it, a map, and a position; each is in the address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.inference.inside.stages import Stage
from fmnist.ui.address import Parameter, recall
from fmnist.ui.choices import choose_option
from fmnist.ui.codecs import Number
from fmnist.views.inside import Channels, Layer, stage_title


@dataclass(frozen=True)
class Side:
    """One of the networks that are seen side by side; its `suffix` ends the names of its parameters.

    One that is `linked` has no choices of its own: what is opened of the first network is opened of this one, too.
    """

    suffix: str
    linked: bool = False

    def key(self, name: str) -> str:
        """Return the name of one of its elements."""
        return f"{name}{self.suffix}"

    def choice(self, name: str) -> str:
        """Return the name of one of its parameters."""
        return name if self.linked else self.key(name)

    def setter(self, name: str, *reset: str) -> Callable[[int], None]:
        """Return a function that sets a parameter, and brings others back to their defaults."""

        def set_value(value: int) -> None:
            st.session_state[self.choice(name)] = value
            for other in reset:
                st.session_state[self.choice(other)] = 0

        return set_value

    def recall_layer(self, layers: Sequence[Layer]) -> Layer:
        """Return the layer that is open: the first one with values, unless another one was chosen."""
        first = next(layer.place for layer in layers if layer.stages)
        place = recall(Parameter(self.choice("layer"), first, Number(1, len(layers)), f"layer from 1 to {len(layers)}"))
        return layers[int(place) - 1]

    def choose_stage(self, layer: Layer) -> Stage:
        """Let the user choose a step of a layer that has several; its output at first."""
        titles = {str(place): f"{place}. {stage_title(stage)}" for place, stage in enumerate(layer.stages, start=1)}
        if len(titles) == 1:
            return layer.stages[0]
        if self.linked:
            return layer.stages[int(st.session_state.get("step", len(titles))) - 1]
        chosen = choose_option(
            "Step", titles, key=self.key("step"), default=str(len(titles)), what="step that exists here"
        )
        return layer.stages[int(chosen) - 1]

    def recall_channel(self, channels: Channels) -> int:
        """Return the map or unit that is open, counted from 0: the strongest, unless another one was chosen."""
        number = self._recall("map", channels.count, "map")
        return number - 1 if number else int(channels.order[0])

    def recall_position(self, channels: Channels, channel: int) -> tuple[int, int]:
        """Return row and column of the value that is looked at: the largest, unless another one was chosen."""
        height, width, _ = channels.values.shape
        number = self._recall("at", height * width, "position")
        place = number - 1 if number else int(abs(channels.values[..., channel]).argmax())
        return divmod(place, width)

    def _recall(self, name: str, most: int, what: str) -> int:
        return int(recall(Parameter(self.choice(name), 0, Number(0, most), f"{what} from 0 to {most:,}")))
