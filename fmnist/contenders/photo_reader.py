"""The photo reader as a contender: it answers beside the runs on Predict, and has no place on the leaderboard."""

from collections.abc import Hashable, Sequence
from typing import ClassVar

import numpy as np

from fmnist.contenders.alone import Alone
from fmnist.contenders.contender import Costs, Split, Training

KEY = "photo-reader"


class PictureReader(Alone):
    """What reads people's pictures alone; without predictions on the test images."""

    its_key: ClassVar[str]
    its_title: ClassVar[str]

    def __init__(self, version: Hashable) -> None:
        self._version = version

    @property
    def key(self) -> str:
        """Always the same: there is one."""
        return self.its_key

    @property
    def title(self) -> str:
        """The name, as on the Predict page."""
        return self.its_title

    @property
    def version(self) -> Hashable:
        """Changes whenever it is fitted again."""
        return self._version

    @property
    def members(self) -> tuple[str, ...]:
        """No runs."""
        return ()

    @property
    def test_loss(self) -> float | None:
        """None: there are no test predictions."""
        return None

    def labels(self, split: Split) -> np.ndarray | None:  # noqa: ARG002
        """Return None: there are no predictions."""
        return None

    def classes(self, split: Split) -> np.ndarray | None:  # noqa: ARG002
        """Return None: there are no predictions."""
        return None

    def probabilities(self, split: Split) -> np.ndarray | None:  # noqa: ARG002
        """Return None: there are no predictions."""
        return None

    def costs(self) -> Costs:
        """Return that nothing is known."""
        return Costs()

    def trainings(self) -> Sequence[Training]:
        """Return none: heads are fitted in one go."""
        return ()


class PhotoReader(PictureReader):
    """What reads whole colour photos."""

    kind = "photo reader"
    its_key, its_title = KEY, "Photo reader"
