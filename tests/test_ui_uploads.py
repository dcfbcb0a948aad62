"""What a session holds of uploads is bounded in number and size, whoever sends them, and told in a sentence."""

import io

import numpy as np
import pytest
from PIL import Image
from served_pages import open_page
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from fmnist.contenders.single_run import SingleRun
from fmnist.inference.picture import picture_from_array
from fmnist.runs.run import CompleteRun
from fmnist.ui.internals import MOST_BYTES, MOST_FILES, REFUSED, bound_manager
from fmnist.ui.pictures import SHOWN_SIDE
from fmnist.ui.predict.results import answer_pictures
from fmnist.ui.predict.sources import Subject

MEGABYTE = bytes(2**20)


def record(number: int, data: bytes = b"data") -> UploadedFileRec:
    return UploadedFileRec(str(number), f"{number}.png", "image/png", data)


@pytest.fixture
def manager() -> MemoryUploadedFileManager:
    bounded = MemoryUploadedFileManager("/upload")
    bound_manager(bounded)
    return bounded


def kept(manager: MemoryUploadedFileManager, session: str = "session") -> list[str]:
    return [file.file_id for file in manager.file_storage[session].values() if file.type != REFUSED]


def test_a_session_holds_so_many_files_and_another_one_as_many(manager):
    for number in range(MOST_FILES + 3):
        manager.add_file("session", record(number))
    manager.add_file("other", record(0))
    assert kept(manager) == [str(number) for number in range(MOST_FILES)]
    assert kept(manager, "other") == ["0"]
    refused = manager.get_files("session", [str(MOST_FILES)])
    assert [(file.name, file.type, file.data) for file in refused] == [(f"{MOST_FILES}.png", REFUSED, b"")]


def test_a_session_holds_so_many_bytes(manager):
    half = bytes(MOST_BYTES // 2)
    for number, data in enumerate((half, half, b"x")):
        manager.add_file("session", record(number, data))
    assert kept(manager) == ["0", "1"]


def test_a_file_that_was_removed_makes_room_and_one_that_is_sent_again_takes_none(manager):
    for _ in range(3):
        manager.add_file("session", record(0, MEGABYTE * 20))
    manager.add_file("session", record(1, MEGABYTE * 20))
    manager.add_file("session", record(2, MEGABYTE * 20))
    assert kept(manager) == ["0", "1"]
    manager.remove_file("session", "0")
    manager.add_file("session", record(3, MEGABYTE * 20))
    assert kept(manager) == ["1", "3"]


def test_refused_names_are_bounded_too(manager):
    for number in range(3000):
        manager.add_file("session", record(number, b""))
    assert len(manager.file_storage["session"]) == 1000


def boot(colour: int = 0) -> bytes:
    stream = io.BytesIO()
    pixels = np.full((60, 60, 3), 255, np.uint8)
    pixels[10:50, 15:45] = colour
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def test_the_page_says_what_was_not_read_and_reads_the_others(two_runs: list[CompleteRun]):
    app = open_page("Predict", source="upload")
    files = [("boot.png", boot(), "image/png"), ("bag.png", b"", REFUSED), ("hat.png", b"", REFUSED)]
    app.file_uploader[0].set_value(files).run()
    assert not app.exception
    assert [warning.value for warning in app.warning if "were read" in warning.value] == [
        "Only 1 of 3 files were read: 32 files and 50 MB are the most at a time. Remove some, then upload the rest."
    ]
    assert not app.error
    assert any("answers" in html.proto.body for html in app.get("html"))


def test_what_is_kept_of_a_picture_is_no_larger_than_it_is_shown(two_runs: list[CompleteRun]):
    noise = np.random.default_rng(0).integers(0, 256, (1024, 1024, 3), dtype=np.uint8)
    (result,) = answer_pictures([Subject("noise.png", picture_from_array(noise))], [SingleRun(two_runs[0])], "photo")
    assert max(max(step.image.shape[:2]) for step in result.prepared.steps) <= SHOWN_SIDE
    assert sum(step.image.nbytes for step in result.prepared.steps) < 10**6


def test_pictures_are_the_same_to_the_cache_only_where_everything_is():
    pixels = np.zeros((4, 6, 4), np.uint8)
    first = Subject("a", picture_from_array(pixels))
    assert first.key == Subject("b", picture_from_array(pixels.copy())).key
    others = [pixels.reshape(6, 4, 4), pixels + 1, np.dstack([pixels[..., :3], pixels[..., 3] + 255])]
    assert len({first.key, *(Subject("c", picture_from_array(other)).key for other in others)}) == 4
