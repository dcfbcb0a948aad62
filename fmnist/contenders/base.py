"""What the kinds of contender have in common, and the contenders that belong to no other one's group."""

from abc import ABC, abstractmethod
from collections.abc import Hashable

from fmnist.contenders.contender import FASHION_MNIST


class Named(ABC):
    """A contender of a kind, with a key and a title, tested on the official images."""

    kind: str

    @property
    @abstractmethod
    def key(self) -> str:
        """The stable identity."""

    @property
    @abstractmethod
    def title(self) -> str:
        """The full name."""

    @property
    @abstractmethod
    def version(self) -> Hashable:
        """Changes whenever its results do."""

    @property
    def test_set(self) -> str:
        """The key of its test set."""
        return FASHION_MNIST


class OwnGroup(Named):
    """A contender that is a group by itself."""

    @property
    def short_title(self) -> str:
        """The same as the title."""
        return self.title

    @property
    def group(self) -> str:
        """Its own key."""
        return self.key

    @property
    def group_title(self) -> str:
        """Its own title."""
        return self.title
