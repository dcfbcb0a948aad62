import gzip
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist import dataset as module
from fmnist.dataset import (
    CLASS_NAMES,
    DataUnavailableError,
    data_directories,
    download_dataset,
    find_files,
    load_dataset,
    split_indices,
    stratified_split,
)

FILES = {name: gzip.compress(name.encode() * 50) for name in module.SHA256}


class Mirror(ThreadingHTTPServer):
    """A download server on loopback; `behaviour` says what it does with the next requests."""

    daemon_threads = True
    behaviour = "serve"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.released = threading.Event()
        super().__init__(("127.0.0.1", 0), MirrorHandler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class MirrorHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = self.path.removeprefix("/")
        self.server.asked.append(name)
        body = FILES[name]
        if self.server.behaviour == "fail":
            return self.send_error(503)
        if self.server.behaviour == "damage":
            body = body[:-10] + b"0123456789"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.behaviour == "stall":
            self.wfile.write(body[:20])
            self.wfile.flush()
            self.server.released.wait(30)
        elif self.server.behaviour == "cut":
            self.wfile.write(body[: len(body) // 2])
        else:
            self.wfile.write(body)
        return None

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Look for four small files of our own, in an empty cache."""
    monkeypatch.setattr(module, "SHA256", {name: hashlib.sha256(body).hexdigest() for name, body in FILES.items()})
    monkeypatch.delenv("FMNIST_DATA_DIR", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras" / "datasets" / "fashion-mnist"


def test_real_data_set(dataset):
    assert dataset.train_images.shape == (60_000, 28, 28)
    assert dataset.test_images.shape == (10_000, 28, 28)
    assert dataset.train_images.dtype == dataset.test_labels.dtype == np.uint8
    assert np.bincount(dataset.train_labels).tolist() == [6000] * 10
    assert np.bincount(dataset.test_labels).tolist() == [1000] * 10
    # The first labels as Zalando's own README shows them: an ankle boot, then two T-shirts.
    assert [CLASS_NAMES[label] for label in dataset.train_labels[:3]] == ["Ankle boot", "T-shirt/top", "T-shirt/top"]
    assert not dataset.train_images.flags.writeable


def test_split_of_the_real_data(dataset):
    train, val = split_indices()
    assert (len(train), len(val)) == (55_000, 5_000)
    assert np.array_equal(np.sort(np.concatenate([train, val])), np.arange(60_000))
    assert np.bincount(dataset.train_labels[val]).tolist() == [500] * 10
    assert (np.diff(val) > 0).all()


@given(st.permutations(list(range(10)) * 4), st.integers(1, 4), st.integers(0, 2**16))
def test_split_is_a_stratified_partition(labels, held_out, seed):
    labels = np.array(labels)
    rest, part = stratified_split(labels, held_out, seed)
    assert sorted([*rest, *part]) == list(range(40))
    assert np.bincount(labels[part], minlength=10).tolist() == [held_out] * 10
    again = stratified_split(labels, held_out, seed)
    assert np.array_equal(part, again[1])


def test_chosen_folder_comes_first_and_damage_is_named(cache, tmp_path, monkeypatch):
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    monkeypatch.setenv("FMNIST_DATA_DIR", str(chosen))
    assert data_directories() == (chosen, cache)
    first, *others = FILES
    (chosen / first).write_bytes(b"damaged")
    for name in others:
        (chosen / name).write_bytes(FILES[name])
    assert [file.ok for file in find_files()] == [False, True, True, True]
    with pytest.raises(DataUnavailableError, match=rf"Damaged or not readable: {chosen / first}.*FMNIST_DATA_DIR"):
        load_dataset()


def test_intact_copy_in_the_cache_stands_in_for_a_damaged_one(cache, tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    cache.mkdir(parents=True)
    for name, body in FILES.items():
        (tmp_path / name).write_bytes(body[:-1])
        (cache / name).write_bytes(body)
    assert {file.path for file in find_files()} == {cache / name for name in FILES}


def test_a_copy_that_may_not_be_read_is_as_good_as_damaged(cache, tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    first, second = list(FILES)[:2]
    for name in (first, second):
        (tmp_path / name).write_bytes(FILES[name])
    refused = {"open": tmp_path / first, "is_file": tmp_path / second}
    for method, path in refused.items():
        original = getattr(Path, method)

        def refuse(self, *arguments, path=path, original=original, **options):
            if self == path:
                raise PermissionError(13, "Permission denied")
            return original(self, *arguments, **options)

        monkeypatch.setattr(Path, method, refuse)
    assert [(file.path, file.ok) for file in find_files()[:2]] == [(tmp_path / first, False), (None, False)]


def test_absent_data_names_the_folder_and_both_ways_out(cache):
    with pytest.raises(DataUnavailableError) as error:
        load_dataset()
    for part in (str(cache), "Missing: train-images-idx3-ubyte.gz", "--download", "FMNIST_DATA_DIR"):
        assert part in str(error.value)


def test_download_fetches_what_is_missing_or_damaged_only(cache, mirror):
    cache.mkdir(parents=True)
    intact, damaged, *missing = FILES
    (cache / intact).write_bytes(FILES[intact])
    (cache / damaged).write_bytes(b"damaged")
    download_dataset(mirrors=[mirror.address])
    assert mirror.asked == [damaged, *missing]
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == FILES


def test_download_counts_its_bytes(cache, mirror):
    class Bar:
        total, counted = 0, 0

        def update(self, n):
            self.counted += n

        def reset(self):
            self.counted = 0

        def close(self):
            """Nothing to close."""

    bar = Bar()
    cache.mkdir(parents=True)
    last, *others = FILES
    for name in others:
        (cache / name).write_bytes(FILES[name])
    download_dataset(bar, mirrors=[mirror.address])
    assert bar.total == len(FILES[last])
    assert bar.counted == bar.total


@pytest.mark.parametrize("behaviour", ["fail", "damage", "cut", "stall"])
def test_a_mirror_that_does_not_deliver_is_told_and_leaves_nothing(cache, mirror, behaviour):
    mirror.behaviour = behaviour
    with pytest.raises(DataUnavailableError, match="could not be downloaded.*127.0.0.1"):
        download_dataset(mirrors=[mirror.address], timeout_s=0.5)
    assert not cache.exists() or not list(cache.iterdir())


def test_the_second_mirror_helps_out(cache, mirror):
    with Mirror() as broken:
        broken.behaviour = "fail"
        thread = threading.Thread(target=broken.serve_forever)
        thread.start()
        download_dataset(mirrors=[broken.address, mirror.address])
        broken.shutdown()
        thread.join()
    assert len(broken.asked) == len(mirror.asked) == 4
    assert all(file.ok for file in find_files())
