"""The queue and its workers, which are real processes; so are the trainings, but they have no network."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import skip_or_fail
from trainings import (
    DEADLINE_SECONDS,
    end_worker,
    endless,
    reload,
    runs_in,
    start_worker,
    stop_all,
    tiny,
    wait_for_epoch,
    wait_for_training,
    wait_until,
)

from fmnist.cli import main as cli
from fmnist.errors import InputError
from fmnist.jobs import broker as broker_module
from fmnist.jobs import libraries, locks, queue
from fmnist.jobs.broker import Broker
from fmnist.jobs.launch import child_environment, conclude_training, train_now
from fmnist.jobs.locks import hold_run
from fmnist.jobs.worker import default_trainings
from fmnist.recipes.config import RunConfig
from fmnist.runs.life_cycle import PreparedRun, create_run, stop_requested
from fmnist.runs.reading import load_history, load_log, load_run
from fmnist.runs.records import Epoch, Status
from fmnist.runs.run import Run, RunError
from fmnist.runs.writing import append_epoch, save_status

pytestmark = pytest.mark.usefixtures("tiny_training")

EPOCH = Epoch(1, 0.5, 0.8, 0.5, 0.8, 1e-3, 20.0)


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a real Redis on a free port."""
    program = shutil.which("redis-server")
    if program is None:
        skip_or_fail("No Redis server on this machine: `apt-get install redis-server` brings it.")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    command = [program, "--port", str(port), "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert any("Ready to accept connections" in line for line in server.stdout)
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


@pytest.fixture(params=["sqlite", "redis"])
def messages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let SQLite or a real Redis carry the messages."""
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        subprocess.run(["redis-cli", "-u", url, "flushall"], check=True, capture_output=True)
        monkeypatch.setenv("FMNIST_QUEUE", url)
    return request.param


def interrupt(worker: subprocess.Popen) -> None:
    worker.send_signal(signal.SIGINT)


def span(run: Run) -> tuple[float, float]:
    """Return when a training began and when it last said so."""
    return run.status.started, run.status.heartbeat


def list_names(store: Path) -> list[str]:
    return sorted(path.name for path in store.iterdir())


def waiting(store: Path) -> list[str]:
    with closing(Broker(store)) as broker:
        return [task.args[0] for task in broker.huey.pending()]


def test_two_machines_share_the_work(own_store: Path, tmp_path: Path, messages: str):
    runs = [create_run(endless(seed), own_store) for seed in range(2)]
    machines = [tmp_path / name for name in ("here", "there")]
    for machine in machines:
        machine.mkdir()
    workers = [start_worker("--until-empty", machine=machine) for machine in machines]
    wait_for_training(workers[0], *runs)
    stop_all(*runs)
    assert [end_worker(worker) for worker in workers] == [1, 1]
    ended = reload(runs)
    assert [run.state for run in ended] == ["stopped", "stopped"]
    assert [load_log(run).count("Epoch 1/") for run in ended] == [1, 1]  # begun once
    assert queue.list_queue(own_store) == []
    assert waiting(own_store) == []


@pytest.mark.parametrize("address", ["somebody:secret@localhost:6379", "localhost", "http://localhost:6379"])
def test_an_address_of_a_queue_without_its_scheme_is_told_as_such(own_store: Path, monkeypatch, busy, address: str):
    monkeypatch.setenv("FMNIST_QUEUE", address)
    with pytest.raises(RunError) as told:
        queue.submit_all([tiny(0)])
    assert "FMNIST_QUEUE has no scheme: it must begin with redis://, rediss:// or unix://" in str(told.value)
    assert "secret" not in str(told.value)
    assert len(queue.list_queue(own_store)) == 1


@pytest.mark.parametrize("left", [0, 1, 100, 4_096, 10_000])
def test_a_worker_that_finds_its_messages_cut_off_trains_each_run_once(own_store: Path, left: int):
    runs = [create_run(tiny(seed, train_limit=50), own_store) for seed in range(3)]
    with closing(Broker(own_store)) as broker:
        broker.announce(runs)
    os.truncate(own_store / "queue.db", left)
    assert end_worker(start_worker("--until-empty")) == len(runs)
    assert [run.state for run in reload(runs)] == ["finished"] * len(runs)
    assert [load_log(run).count("Epoch 1/1") for run in runs] == [1] * len(runs)
    assert waiting(own_store) == []


@pytest.mark.parametrize("left", [0, 1, 100, 4_096, 10_000])
def test_every_message_comes_back_after_its_file_was_cut_off(own_store: Path, left: int):
    runs = [create_run(tiny(seed), own_store) for seed in range(20)]
    for _ in range(2):
        with closing(Broker(own_store)) as broker:
            broker.announce(runs)
        assert waiting(own_store) == [run.id for run in runs]
        os.truncate(own_store / "queue.db", left)


def test_only_the_first_of_many_have_messages_and_the_others_follow(own_store: Path, monkeypatch, messages: str):
    monkeypatch.setattr(broker_module, "_MOST_MESSAGES", 2)
    runs = [create_run(tiny(seed), own_store) for seed in range(4)]
    with closing(Broker(own_store)) as broker:
        broker.announce(runs)
        assert waiting(own_store) == [run.id for run in runs[:2]]
        broker.announce(runs[2:])
    assert waiting(own_store) == [run.id for run in runs]


def test_many_that_broke_off_are_resumed_in_parts_and_announced_once(own_store: Path, monkeypatch, busy):
    runs = [create_run(tiny(seed), own_store) for seed in range(7)]
    for run in runs:
        save_status(run.directory, replace(run.status, state="failed"))
    save_status(runs[3].directory, replace(runs[3].status, state="running", heartbeat=time.time()))
    held, announced = [], []
    hold, call = queue.hold_queue, queue._call_worker
    monkeypatch.setattr(queue, "_CHUNK", 3)
    monkeypatch.setattr(queue, "hold_queue", lambda store: held.append(store) or hold(store))
    monkeypatch.setattr(queue, "_call_worker", lambda store: announced.append(store) or call(store))
    with pytest.raises(RunError, match=f"^{runs[3].id} is running, so there is nothing to resume.$"):
        queue.resume_all([load_run(run.directory) for run in runs])
    assert [run.id for run in queue.list_queue(own_store)] == [run.id for run in runs if run is not runs[3]]
    assert (len(held), len(announced)) == (3, 1)


def test_a_queue_that_somebody_else_changes_is_busy(own_store: Path, monkeypatch, busy):
    monkeypatch.setattr(locks, "_QUEUE_PATIENCE_SECONDS", 0.05)
    with locks.hold_queue(own_store), pytest.raises(RunError, match=r"^The queue is busy: .* Try again in a moment\.$"):
        queue.submit_all([tiny(0)])
    assert list_names(own_store) == ["queue.lock"]


def test_the_queue_is_free_while_new_runs_are_written(own_store: Path, monkeypatch, busy):
    monkeypatch.setattr(locks, "_QUEUE_PATIENCE_SECONDS", 0.05)
    prepare, seen = queue.prepare_run, []

    def look_and_prepare(config: RunConfig, store: Path) -> PreparedRun:
        with locks.hold_queue(store):
            seen.append([run.id for run in runs_in(store)])
        return prepare(config, store)

    monkeypatch.setattr(queue, "prepare_run", look_and_prepare)
    runs = queue.submit_all([tiny(seed) for seed in range(3)])
    assert seen == [[], [], []]  # all of them are published at once, and none half written
    assert [run.id for run in queue.list_queue(own_store)] == [run.id for run in runs]


def test_what_somebody_else_queued_meanwhile_is_not_queued_again(own_store: Path, monkeypatch, busy):
    prepare = queue.prepare_run
    first: list[Run] = []

    def submit_and_prepare(config: RunConfig, store: Path) -> PreparedRun:
        first.append(create_run(config, store))
        return prepare(config, store)

    monkeypatch.setattr(queue, "prepare_run", submit_and_prepare)
    assert queue.submit_all([tiny(0)]) == first
    assert [name for name in list_names(own_store) if "ann" in name] == [first[0].id]


def test_a_batch_that_does_not_fit_into_memory_is_refused(own_store: Path, busy):
    config = replace(tiny(0), model="resnet", batch_size=4_096)
    activations = 4 * (3 * 28 * 28 * 16 + 14 * 14 * 48)  # bytes: at least the first maps, normalised and activated
    with pytest.raises(InputError, match=r"^Batches of 4,096 images need about \d+ GB of memory here\.") as told:
        queue.submit_all([tiny(1), config])
    assert list_names(own_store) == []
    largest = int(str(told.value).rpartition(" ")[2].strip(".").replace(",", ""))
    assert 128 < largest < 8e9 / (2 * activations)
    queue.submit_all([replace(config, batch_size=largest)])
    with pytest.raises(InputError, match="of memory"):
        queue.submit_all([replace(config, batch_size=largest + 1)])


def test_no_more_trainings_wait_than_may(own_store: Path, monkeypatch, busy):
    monkeypatch.setenv("FMNIST_QUEUE_LIMIT", "3")
    with pytest.raises(RunError, match=r"^At most 3 trainings may wait: 4 more are too many\.$"):
        queue.submit_all([tiny(seed) for seed in range(4)])
    assert list_names(own_store) == []
    runs = queue.submit_all([tiny(seed) for seed in range(3)])
    assert queue.submit_all([tiny(seed) for seed in range(3)]) == runs
    with pytest.raises(RunError, match="3 wait already, so 1 more are too many"):
        queue.submit_all([tiny(3)])
    failed = create_run(tiny(4), own_store)
    save_status(failed.directory, replace(failed.status, state="failed"))
    with pytest.raises(RunError, match="At most 3 trainings may wait"):
        queue.resume(load_run(failed.directory))
    monkeypatch.setenv("FMNIST_QUEUE_LIMIT", "many")
    with pytest.raises(InputError, match="FMNIST_QUEUE_LIMIT must be a number from 0 to 9,999,999, not 'many'"):
        queue.submit_all([tiny(3)])


def test_two_workers_of_a_machine_never_train_two_at_once(own_store: Path):
    runs = [create_run(tiny(seed), own_store) for seed in range(2)]
    workers = [start_worker("--until-empty") for _ in range(2)]
    assert sorted(end_worker(worker) for worker in workers) == [0, 2]
    first, second = (span(run) for run in reload(runs))
    assert first[1] <= second[0]
    assert not queue.worker_active(own_store)


def test_a_machine_that_may_trains_two_at_once(own_store: Path):
    runs = [create_run(endless(seed), own_store) for seed in range(2)]
    worker = start_worker("--until-empty", "--trainings", "2")
    wait_for_training(worker, *runs)
    stop_all(*runs)
    assert end_worker(worker) == 2
    assert [run.state for run in reload(runs)] == ["stopped", "stopped"]


def test_stores_of_one_machine_share_its_places(own_store: Path, tmp_path: Path, monkeypatch):
    runs = [create_run(tiny(0), own_store), create_run(tiny(1), tmp_path)]
    first = start_worker("--until-empty")
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))
    second = start_worker("--until-empty")
    assert [end_worker(worker) for worker in (first, second)] == [1, 1]
    earlier, later = sorted(span(run) for run in reload(runs))
    assert earlier[1] <= later[0]


def test_a_submitted_training_runs_by_itself_and_once(own_store: Path):
    run = queue.submit_all([tiny(0)])[0]
    assert queue.submit_all([tiny(0)])[0].id == run.id
    worker = queue._workers[own_store.resolve()]
    assert os.getpgid(worker.pid) == worker.pid != os.getpgid(0)
    assert worker.wait(DEADLINE_SECONDS) == 0
    (trained,) = runs_in(own_store)
    assert (trained.id, trained.state) == (run.id, "finished")
    assert "Trained 1 run." in (own_store / "worker.log").read_text()


def test_a_worker_started_by_hand_stays_and_interrupted_lets_its_training_end(own_store: Path):
    worker = start_worker()
    file = own_store / "queue.db"
    wait_until(lambda: file.exists() and queue.worker_active(own_store), worker)
    file.unlink()  # the store is the truth: what carries its messages may go, or be damaged
    first = create_run(tiny(0), own_store)
    wait_until(lambda: load_run(first.directory).state == "finished", worker)
    file.write_bytes(b"no database" * 1000)
    second = create_run(endless(1), own_store)
    wait_for_training(worker, second)
    later = create_run(tiny(2), own_store)
    interrupt(worker)
    assert any("Waiting for the running training to end" in line for line in iter(worker.stderr.readline, ""))
    stop_all(second)
    assert end_worker(worker) == 2
    assert [run.state for run in reload([second, later])] == ["stopped", "queued"]


def test_a_training_from_the_shell_takes_the_place_of_a_queued_one(own_store: Path):
    now, process = train_now(endless(0), own_store)
    later = create_run(tiny(1), own_store)
    worker = start_worker("--until-empty")
    wait_until(lambda: queue.worker_active(own_store), worker)
    wait_for_epoch(now, process, after=2 + len(load_history(now)))
    assert load_run(later.directory).state == "queued"
    stop_all(now)
    process.wait(DEADLINE_SECONDS)
    assert end_worker(worker) == 1
    first, second = (span(run) for run in reload([now, later]))
    assert first[1] <= second[0]


def test_messages_follow_the_order_of_the_store(own_store: Path, messages: str):
    runs = [create_run(tiny(seed), own_store) for seed in (5, 1, 3)]
    assert [run.id for run in queue.list_queue(own_store)] == [run.id for run in runs]
    for some in (runs[1:], runs, runs):  # the first one's comes last, as after its worker died
        with closing(Broker(own_store)) as broker:
            broker.announce(some)
    assert waiting(own_store) == [run.id for run in runs]
    taken = []
    with closing(Broker(own_store, taken.append)) as broker:
        broker.huey.execute(broker.huey.dequeue())
    assert taken == [runs[0].id]


def test_messages_are_no_pickles(own_store: Path, messages: str):
    with closing(Broker(own_store)) as broker:
        broker.announce([create_run(tiny(0), own_store)])
        (data,) = broker.huey.storage.enqueued_items()
    assert data.startswith(b'["') and data.endswith(b"]")


def test_without_redis_the_words_say_so_and_nothing_is_lost(own_store: Path, monkeypatch):
    monkeypatch.setenv("FMNIST_QUEUE", "redis://somebody:secret@127.0.0.1:1/0")
    with pytest.raises(RunError, match=r"The queue at redis://127\.0\.0\.1:1/0 cannot be reached .* start Redis"):
        queue.submit_all([tiny(0), tiny(1)])
    assert [run.config for run in queue.list_queue(own_store)] == [tiny(0), tiny(1)]
    worker = queue._workers[own_store.resolve()]
    assert worker.wait(DEADLINE_SECONDS) == 1
    queue.ensure_worker()
    assert queue._workers[own_store.resolve()] is worker  # one that has just failed is not started again at once
    (words,) = (own_store / "worker.log").read_text().splitlines()
    assert "start Redis, or unset FMNIST_QUEUE" in words
    assert "secret" not in words


def test_a_dashboard_without_tensorflow_queues_for_workers_elsewhere(own_store: Path, monkeypatch):
    monkeypatch.setattr(libraries, "find_spec", lambda _: None)
    with pytest.raises(RunError, match="is not installed"):
        queue.submit_all([tiny(0)])
    monkeypatch.setenv("FMNIST_QUEUE", "redis://127.0.0.1:1/0")  # nobody answers there, which is told
    with pytest.raises(RunError, match="cannot be reached"):
        queue.submit_all([tiny(0)])
    assert [run.config for run in queue.list_queue(own_store)] == [tiny(0)]
    assert own_store.resolve() not in queue._workers


@pytest.mark.parametrize("wished", ["0", "two", "-1", "65", "100000"])
def test_a_senseless_number_of_trainings_is_refused(own_store: Path, monkeypatch, capsys, wished: str):
    assert cli.main(["worker", f"--trainings={wished}"]) == 1
    assert capsys.readouterr().err == f"--trainings must be a number from 1 to 64, not {wished!r}.\n"
    monkeypatch.setenv("FMNIST_TRAININGS", wished)
    assert cli.main(["worker"]) == 1
    assert capsys.readouterr().err == f"FMNIST_TRAININGS must be a number from 1 to 64, not {wished!r}.\n"


def test_the_numbers_of_trainings_at_the_limits_are_taken(monkeypatch):
    for wished in ("1", "64"):
        monkeypatch.setenv("FMNIST_TRAININGS", wished)
        assert default_trainings() == int(wished)


def test_a_queued_training_is_taken_out(own_store: Path):
    stays, goes = (create_run(tiny(seed), own_store) for seed in range(2))
    queue.stop(goes)
    assert [run.id for run in queue.list_queue(own_store)] == [stays.id]
    assert not goes.directory.exists()


def test_a_resumed_training_that_is_taken_out_keeps_what_it_reached(own_store: Path, busy):
    run = create_run(tiny(0, epochs=3), own_store)
    append_epoch(run.directory, EPOCH)
    save_status(run.directory, replace(run.status, state="failed", epoch=1, reason="The disk was full."))
    queue.stop(queue.resume(load_run(run.directory)))
    kept = load_run(run.directory)
    assert (kept.state, kept.status.epoch, kept.status.reason) == ("failed", 1, "It was taken out of the queue.")
    assert load_history(kept) == [EPOCH]
    assert queue.resume(kept).state == "queued"


def test_what_has_ended_is_resumed_though_its_process_takes_a_moment_to_leave(own_store: Path):
    run = create_run(tiny(0), own_store)
    save_status(run.directory, replace(run.status, state="failed", reason="The disk was full."))
    worker = start_worker()
    wait_until(lambda: queue.worker_active(own_store), worker)
    with hold_run(run):
        assert queue.resume(load_run(run.directory)).state == "queued"
        assert worker.stderr.readline().endswith(f" WARNING {run.id} is being trained by another process.\n")
    wait_until(lambda: load_run(run.directory).state == "finished", worker)
    interrupt(worker)
    assert end_worker(worker) == 1


def test_a_process_that_leaves_after_its_run_was_resumed_leaves_it_in_the_queue(own_store: Path):
    run = create_run(tiny(0), own_store)
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert conclude_training(run, process).state == "queued"


def test_what_is_being_stopped_is_started_anew(own_store: Path, busy):
    run = queue.submit_all([tiny(0)])[0]
    save_status(run.directory, replace(run.status, state="running", heartbeat=time.time()))
    assert queue.submit_all([tiny(0)])[0].id == run.id
    queue.stop(run)
    assert stop_requested(run.directory)
    assert queue.submit_all([tiny(0)])[0].id != run.id


def test_what_is_gone_is_deleted_without_a_word(own_store: Path):
    run = create_run(tiny(0), own_store)
    save_status(run.directory, replace(run.status, state="failed"))
    for _ in range(2):
        queue.delete(run)
        assert not run.directory.exists()


def test_what_cannot_be_removed_is_told(own_store: Path, monkeypatch):
    run = create_run(tiny(0), own_store)
    save_status(run.directory, replace(run.status, state="failed"))

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(RunError, match="cannot be removed: Permission denied"):
        queue.delete(run)


def test_stopping_what_has_ended_changes_nothing(own_store: Path):
    run = create_run(tiny(0), own_store)
    save_status(run.directory, Status("failed", queued=0.0, reason="It was so."))
    before = sorted(run.directory.iterdir())
    queue.stop(load_run(run.directory))
    assert sorted(run.directory.iterdir()) == before


def test_a_store_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "file" / "runs"))
    with pytest.raises(RunError, match="cannot be written"):
        queue.submit_all([tiny(0)])


def test_a_worker_that_cannot_be_started_is_told_and_the_run_stays_queued(own_store: Path):
    (own_store / "worker.log").mkdir()
    with pytest.raises(RunError, match="No worker could be started for the store .*: Is a directory"):
        queue.submit_all([tiny(0)])
    assert [run.config for run in queue.list_queue(own_store)] == [tiny(0)]


def test_a_child_looks_into_the_same_folders(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", "~/runs")
    monkeypatch.setenv("FMNIST_DATA_DIR", "images")
    environment = child_environment()
    assert environment["FMNIST_ARTIFACTS_DIR"] == str(tmp_path / "runs")
    assert environment["FMNIST_DATA_DIR"] == str(Path.cwd() / "images")


def test_with_nothing_queued_no_worker_is_started(own_store: Path):
    queue.ensure_worker()
    assert list(own_store.iterdir()) == []
