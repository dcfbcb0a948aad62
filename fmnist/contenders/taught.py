"""The model that a person taught, as a contender: it answers on Predict for who taught it, and for nobody else."""

from pathlib import Path

from fmnist.contenders.photo_reader import PictureReader


class Taught(PictureReader):
    """What one person's pictures taught; `path` is where it lies."""

    kind = "taught"
    its_key, its_title = "taught", "My model"

    def __init__(self, path: Path, modified: int) -> None:
        super().__init__((str(path), modified))
        self.path = path
