"""What the models make of the user's own pictures: asked once for each picture and model."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from fmnist.contenders.contender import Contender
from fmnist.contenders.photo_reader import PhotoReader
from fmnist.inference.serving import ModelFileError
from fmnist.pictures.album import Album, Stored
from fmnist.pictures.features import Described, describe_rest, load_described
from fmnist.runs.run import RunError
from fmnist.ui import store
from fmnist.ui.own_pictures.work import work_through
from fmnist.views.own_pictures import NOTHING_FOUND


@dataclass(frozen=True)
class _Question:
    """A model and a picture, compared by what identifies them."""

    key: str
    version: Hashable
    picture: str
    contender: Contender = field(compare=False, repr=False)
    described: Described = field(compare=False, repr=False)


def read_pictures(album: Album, pictures: Sequence[Stored]) -> list[Described]:
    """Return the pictures as models see them; those that are new are prepared first, which the user can stop.

    Raises:
        RunError: if the network of the photo reader is missing.
        ModelFileError: if a file of the photo reader is damaged.
    """
    known = load_described(album, pictures)
    ids = {one.stored.id for one in known}
    new = [picture for picture in pictures if picture.id not in ids]
    if not new:
        return known
    steps = describe_rest(album, new, store.automatic_reader().photos.backbone)
    stopped = work_through(steps, len(new), "Reading pictures", "reading") is None
    return known if stopped else load_described(album, pictures)


def ask_all(contenders: Sequence[Contender], described: Sequence[Described]) -> tuple[dict[str, list[int]], list[str]]:
    """Return by key what each model says of each picture, and of those that cannot answer why."""
    answers, problems = {}, []
    for contender in contenders:
        try:
            answers[contender.key] = [
                _ask(_Question(contender.key, contender.version, one.stored.id, contender, one)) for one in described
            ]
        except (RunError, ModelFileError) as error:
            problems.append(f"{contender.title}: {error}")
    return answers, problems


@lru_cache(maxsize=20_000)
def _ask(question: _Question) -> int:
    prepared, contender = question.described.prepared, question.contender
    if not prepared.has_item:
        return NOTHING_FOUND
    if isinstance(contender, PhotoReader):
        read = store.photo_reader(contender).read_features(question.described.features, prepared.image)
        return int(read.probs.argmax())
    return int(store.reader(contender).probs_as_read(prepared)(prepared.image[None]).argmax())
