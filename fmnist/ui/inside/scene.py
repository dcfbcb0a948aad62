"""What is looked at: a network, an image, and what the one makes of the other."""

from dataclasses import dataclass

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES
from fmnist.inference.inside.network import Activations, OpenNetwork, Values
from fmnist.inference.inside.stages import Stage
from fmnist.ui.inside.networks import look_at, open_network
from fmnist.ui.inside.side import Side
from fmnist.ui.inside.subject import Subject
from fmnist.views.inside import Channels


@dataclass(frozen=True, eq=False)
class Scene:
    """A run that looks at an image, and what of it is open; its properties raise ModelFileError."""

    run: SingleRun
    subject: Subject
    side: Side

    @property
    def opened(self) -> OpenNetwork:
        """The opened network."""
        return open_network(self.run)

    @property
    def activations(self) -> Activations:
        """What the network makes of the image."""
        return look_at(self.run, self.subject.pixels)

    @property
    def stages(self) -> list[Stage]:
        """The stages of all layers, in their order."""
        return [stage for row in self.opened.stages for stage in row]

    @property
    def probs(self) -> Values:
        """The probabilities of the classes, (10,), as the file gives them."""
        return self.activations.of(self.stages[-1])

    def name(self, channels: Channels, channel: int) -> str:
        """Return what a channel of a stage is called: a class, a map or a unit by its number."""
        if channels.stage == self.stages[-1]:
            return CLASS_NAMES[channel]
        return f"{'Map' if channels.are_maps else 'Unit'} {channel + 1}"
