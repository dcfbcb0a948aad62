"""How far a measurement is, as its process tells; known without LiteRT."""

from dataclasses import dataclass

PROGRESS = "progress.json"


@dataclass(frozen=True)
class Progress:
    """How many ways of changing the images are done, of how many."""

    done: int = 0
    total: int = 0
