"""What writers that have ended left half written, and what living ones are writing."""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fmnist.runs.leftovers import clear_leftovers, discard_unfinished, list_unfinished, temporary_path

HOST = temporary_path(Path("x")).name.split(".")[2]


@pytest.fixture(scope="module")
def ended() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def write(path: Path, age: float = 0.0) -> Path:
    path.touch()
    os.utime(path, times=(time.time() - age,) * 2)
    return path


@pytest.mark.parametrize("machine", ["host", "host.example.org", "ho st/1", "", "h" * 64, "hôte"])
def test_what_this_process_writes_bears_a_name_that_says_so(tmp_path: Path, monkeypatch, machine: str):
    monkeypatch.setattr(platform, "node", lambda: machine)
    temporary = temporary_path(tmp_path / "status.json")
    assert temporary.parent == tmp_path
    assert temporary.name.startswith(".status.json.") and temporary.name.endswith(f".{os.getpid()}.tmp")
    write(temporary)
    clear_leftovers(tmp_path)
    assert temporary.exists()
    write(temporary, age=90_000)
    clear_leftovers(tmp_path)
    assert not temporary.exists()


def test_what_an_ended_process_wrote_is_removed_files_and_directories(tmp_path: Path, ended: int):
    write(tmp_path / f".predictions.npz.{HOST}.{ended}.tmp")
    directory = tmp_path / f".ann-textbook-s0.{HOST}.{ended}.tmp"
    directory.mkdir()
    write(directory / "config.json")
    clear_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_other_machines_and_earlier_versions_wrote_is_removed_after_a_day(tmp_path: Path, ended: int):
    names = [f".status.json.elsewhere.{ended}.tmp", f".status.json.{ended}.tmp"]
    for age, left in ((0, 2), (80_000, 2), (90_000, 0)):
        for name in names:
            write(tmp_path / name, age)
        clear_leftovers(tmp_path)
        assert len(list(tmp_path.iterdir())) == left, age


def test_what_bears_another_name_stays(tmp_path: Path, ended: int):
    names = [
        ".DS_Store",
        ".nfs0000000000000001",
        "config.json",
        ".x.tmp",
        f".x.{HOST}.{ended}.tmp.txt",
        f"x.{HOST}.1.tmp",
    ]
    for name in names:
        write(tmp_path / name, age=90_000)
    clear_leftovers(tmp_path)
    discard_unfinished(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_a_link_is_removed_and_what_it_leads_to_stays(tmp_path: Path, ended: int):
    outside = tmp_path / "outside"
    outside.mkdir()
    write(outside / "kept")
    store = tmp_path / "store"
    store.mkdir()
    (store / f".run.{HOST}.{ended}.tmp").symlink_to(outside)
    clear_leftovers(store)
    assert list(store.iterdir()) == []
    assert (outside / "kept").exists()


def test_what_a_training_left_unfinished_is_discarded(tmp_path: Path):
    for name in (".checkpoint.weights.h5", ".backup.keras", ".model.keras", "model.keras", "backup.keras"):
        write(tmp_path / name)
    (tmp_path / ".export-abc").mkdir()
    assert len(list_unfinished(tmp_path)) == 4
    discard_unfinished(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.keras", "model.keras"]


def test_a_folder_that_is_gone_has_no_leftovers(tmp_path: Path):
    clear_leftovers(tmp_path / "gone")
    assert list_unfinished(tmp_path / "gone") == []
