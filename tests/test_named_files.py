"""Folders and files that the user names, in the environment and on the command line."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import PROJECT

from fmnist import dataset
from fmnist.errors import InputError
from fmnist.jobs.launch import child_environment
from fmnist.paths import named_path
from fmnist.runs.layout import user_store
from fmnist.runs.writing import write_named_file


def test_a_relative_folder_is_made_absolute_before_a_child_sees_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("FMNIST_DATA_DIR", "FMNIST_ARTIFACTS_DIR", "FMNIST_PRETRAINED_DIR", "KERAS_HOME"):
        monkeypatch.setenv(name, "here")
        assert named_path(name) == tmp_path / "here"
        assert child_environment()[name] == str(tmp_path / "here")
    assert user_store() == tmp_path / "here"
    assert dataset.cache_directory() == tmp_path / "here" / "datasets" / "fashion-mnist"


def test_a_home_that_is_not_known_is_told_with_the_variable(monkeypatch):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", "~nobody-of-that-name/runs")
    with pytest.raises(InputError, match="FMNIST_ARTIFACTS_DIR names '~nobody-of-that-name/runs'"):
        user_store()


def test_without_a_home_the_named_data_folder_is_enough(tmp_path, monkeypatch):
    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setattr(Path, "home", unknown)
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    assert dataset.data_directories() == (tmp_path,)
    monkeypatch.delenv("FMNIST_DATA_DIR")
    with pytest.raises(dataset.DataUnavailableError, match="set FMNIST_DATA_DIR"):
        dataset.data_directories()


def test_a_link_is_followed(tmp_path):
    target, link = tmp_path / "target.html", tmp_path / "link.html"
    target.write_text("old")
    link.symlink_to(target)
    write_named_file(link, b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no named pipes.")
def test_the_reader_of_a_pipe_gets_what_is_written(tmp_path):
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_named_file(pipe, b"new")
    reader.join(timeout=30)
    assert read == [b"new"]


def test_a_name_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "circle").symlink_to("circle")
    for name in (".", "no/such/folder.html", "circle"):
        with pytest.raises(OSError, match=rf"^{name} cannot be written: .+\.$"):
            write_named_file(Path(name), b"new")


def test_a_hyphen_is_standard_output(tmp_path):
    command = [sys.executable, "-m", "fmnist", "report", "ann-textbook-s0", "-o", "-"]
    answer = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert answer.stdout.startswith("<!DOCTYPE html>")
    assert not (PROJECT / "-").exists()
