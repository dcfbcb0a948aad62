"""Trainings that are stopped, whose disk is full or whose files are damaged: real ones, spoilt for real."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from synthetic import write_run
from trainings import BACKUP, cut_off_here, endless, tiny, train_here

from fmnist.dataset import Dataset
from fmnist.jobs.reporting import Reporter
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import backup_path, checkpoint_path, weights_path
from fmnist.runs.life_cycle import create_run, request_stop, requeue_run
from fmnist.runs.reading import load_history, load_run
from fmnist.runs.run import CompleteRun, Run, RunError


def resize(disk: Path, size: str, *, mounted: bool = True) -> bool:
    options = f"size={size}" + (",remount" if mounted else "")
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk without room for anything of a network; only root may."""
    if shutil.which("mount") is None or not resize(tmp_path, "100k", mounted=False):
        pytest.skip("A disk can be mounted by root only.")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)  # h5py cannot close what it could not write


@contextmanager
def once_trained(epochs: int, do: Callable[[], object]) -> Iterator[None]:
    """Do something once the training in the block has finished so many epochs, as another process might."""
    from fmnist.training.callbacks import EndCallback  # brings TensorFlow

    def on_epoch_begin(_: EndCallback, epoch: int, logs: dict[str, float] | None = None) -> None:
        if epoch == epochs:
            do()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EndCallback, "on_epoch_begin", on_epoch_begin)
        yield


def test_a_training_without_its_images_fails_in_words(own_store: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    ended = train_here(create_run(tiny(0), own_store))
    assert ended.state == "failed"
    assert "Fashion-MNIST is not complete" in ended.status.reason


def test_a_full_disk_is_told_and_with_more_room_the_training_is_resumed(dataset: Dataset, small_disk: Path):
    run = create_run(tiny(0, epochs=2), small_disk)
    for size in ("100k", "900k"):  # no room for the best weights, and then for the backup
        resize(small_disk, size)
        full = train_here(run)
        assert full.state == "failed"
        assert full.status.reason.startswith("The disk is full.")
        assert not [path.name for path in full.directory.iterdir() if path.name.startswith(".")]
        run = requeue_run(full)
    resize(small_disk, "50m")
    ended = train_here(run)
    assert ended.state == "finished"
    assert [epoch.epoch for epoch in load_history(ended)] == [1, 2]


def test_a_training_is_stopped_in_its_first_epoch_goes_on_and_is_stopped_with_its_best_weights(
    dataset: Dataset, own_store: Path
):
    run = create_run(endless(0), own_store)
    request_stop(run)
    stopped = train_here(run)
    assert stopped.state == "stopped"
    assert isinstance(stopped, CompleteRun) and stopped.weights and stopped.served
    assert (stopped.evaluation.epochs, stopped.evaluation.best_epoch) == (0, 0)
    assert load_history(stopped) == []

    run = requeue_run(stopped)
    with once_trained(3, lambda: request_stop(run)):
        stopped = train_here(run)
    assert stopped.state == "stopped"
    assert isinstance(stopped, CompleteRun) and stopped.weights and stopped.served
    history = load_history(stopped)
    assert stopped.evaluation.epochs == len(history) < 1000
    best = min(history, key=lambda epoch: epoch.val_loss)
    assert stopped.evaluation.best_epoch == best.epoch
    assert stopped.evaluation.val_accuracy == pytest.approx(best.val_accuracy, abs=1e-4)


def test_a_training_whose_directory_is_removed_ends_and_does_not_make_it_anew(
    dataset: Dataset, own_store: Path, tmp_path: Path
):
    from fmnist.jobs.training_process import run_training
    from fmnist.training.fit import fit_run  # brings TensorFlow

    run = create_run(endless(0), own_store)
    with once_trained(2, lambda: run.directory.rename(tmp_path / run.id)):
        assert run_training(run.directory, fit_run) == 1
    assert list(own_store.iterdir()) == []


def test_a_network_whose_loss_is_no_number_has_diverged(dataset: Dataset, own_store: Path, monkeypatch):
    from fmnist.training import fit  # brings TensorFlow
    from fmnist.training.compiling import compile_network

    def spoil(config: RunConfig, steps: int) -> Any:
        network = compile_network(config, steps)
        network.set_weights([np.full_like(weights, np.nan) for weights in network.get_weights()])
        return network

    monkeypatch.setattr(fit, "compile_network", spoil)
    for stop in (False, True):
        run = create_run(tiny(0), own_store)
        if stop:
            request_stop(run)
        ended = train_here(run)
        assert ended.state == "diverged"
        assert ended.status.reason.startswith("The training loss was not a number (NaN) in epoch 1.")
        assert load_history(ended) == []


@pytest.fixture(scope="module")
def killed_once(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a training that was killed after the first of its two epochs."""
    run = create_run(tiny(0, epochs=2), tmp_path_factory.mktemp("killed"))
    return cut_off_here(run, BACKUP, after=True)


@pytest.fixture
def killed(killed_once: Run, own_store: Path) -> Run:
    """Return a copy of that training, to be spoilt."""
    return load_run(Path(shutil.copytree(killed_once.directory, own_store / killed_once.id)))


@pytest.mark.parametrize("spoil", ["truncated", "garbage", "history"])
def test_damage_to_what_was_kept_costs_the_epochs_but_not_the_run(killed: Run, spoil: str, caplog):
    backup = backup_path(killed.directory)
    if spoil == "truncated":
        backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    elif spoil == "garbage":
        backup.write_bytes(b"no archive")
    else:
        (killed.directory / "history.csv").write_text("epoch,loss\n1,many\n")
    ended = train_here(requeue_run(killed))
    assert ended.state == "finished"
    assert [epoch.epoch for epoch in load_history(ended)] == [1, 2]
    assert ended.status.note.startswith("The backup is damaged, so the training started again from the first epoch:")
    assert ended.status.note in caplog.messages
    assert not backup.exists()


def test_damaged_best_weights_leave_those_of_the_last_epoch(killed: Run, caplog):
    history = killed.directory / "history.csv"
    header, row = history.read_text().splitlines()
    unbeaten = dict(zip(header.split(","), row.split(","), strict=True)) | {"val_loss": "0.0"}
    history.write_text(f"{header}\n{','.join(unbeaten.values())}\n")
    checkpoint = checkpoint_path(killed.directory)
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    ended = train_here(requeue_run(killed))
    assert ended.state == "finished"
    assert ended.status.note.startswith("The best weights are damaged, so those of the last epoch were kept:")
    assert ended.status.note in caplog.messages
    assert ended.evaluation.val_accuracy == pytest.approx(load_history(ended)[-1].val_accuracy, abs=1e-4)


def test_damaged_weights_are_told(own_store: Path):
    from fmnist.training.fit import load_network  # brings TensorFlow

    run = write_run(own_store)
    weights_path(run.directory).write_bytes(b"damaged")
    with pytest.raises(RunError, match=r"model\.keras cannot be loaded"):
        load_network(run.directory)


def test_a_stop_is_noticed_right_after_a_validation(monkeypatch):
    from fmnist.training import callbacks  # brings TensorFlow

    moments = iter([100.0, 100.1])
    monkeypatch.setattr(callbacks, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    reporter = SimpleNamespace(expect_run=lambda: None, asked_to_stop=lambda: True)
    callback = callbacks.EndCallback(cast(Reporter, reporter))
    callback.set_model(SimpleNamespace(stop_training=False))
    callback.on_test_batch_end(0)
    with pytest.raises(callbacks.StopTraining):
        callback.on_train_batch_end(0, {"loss": 1.0})
