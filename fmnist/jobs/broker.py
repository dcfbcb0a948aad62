"""The messages that tell workers what to train, carried by Huey: through SQLite in the store, or through Redis.

They are a copy of what the store says and may be lost or doubled: a run is trained because it is queued in the store,
and a message only leads a worker to it. Whatever has no message gets a new one.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from huey import Huey, PriorityRedisHuey, SqliteHuey
from huey.exceptions import ConfigurationError
from huey.registry import Message
from huey.serializer import Serializer

from fmnist.jobs.redis_address import show_address
from fmnist.runs.run import ReadableRun, RunError

_FILE, _NAME = "queue.db", "fmnist"
_MOST_MESSAGES = 100  # more than all workers take between two looks at the queue
_CONNECT_SECONDS, _ANSWER_SECONDS = 3, 10  # the second has to be longer than a worker's blocking read


class Broker:
    """The messages of one store; `take` is what a worker does with one: it gets the run's id.

    FMNIST_QUEUE names a Redis database, as in redis://host:6379/0; without it SQLite carries the messages.

    Raises:
        RunError: where the messages cannot be reached, or FMNIST_QUEUE names no Redis database.
    """

    def __init__(self, store: Path, take: Callable[[str], object] | None = None) -> None:
        self._url = os.environ.get("FMNIST_QUEUE", "")
        self._file = store / _FILE
        self._place = show_address(self._url) if self._url else str(self._file)
        with self._explained():
            self.huey = _connect_redis(self._url) if self._url else _open_sqlite(self._file)

        self._train = self.huey.task(name="train")(_hand_to(take))

    def announce(self, queued: Sequence[ReadableRun]) -> None:
        """Send a message for each of the first queued runs that has none; they are taken in the order of the queue.

        Raises:
            RunError: where the messages cannot be reached.
        """
        with self._explained():
            try:
                if not self._url and not self._file.exists():
                    self._renew()
                self._send(queued)
            except sqlite3.OperationalError:  # moved or emptied under our hands
                self._renew()
                self._send(queued)
            except sqlite3.DatabaseError:  # damaged
                self._file.unlink()
                self._renew()
                self._send(queued)

    def close(self) -> None:
        """Let go of the file or of the connections to Redis."""
        if self._url:
            self.huey.storage.pool.disconnect()
        else:
            self.huey.storage.close()

    def _send(self, queued: Sequence[ReadableRun]) -> None:
        known = {task.args[0] for task in self.huey.pending()}
        for run in queued[:_MOST_MESSAGES]:  # what waits behind them gets its own when these are taken
            if run.id not in known:
                self._train(run.id, priority=-run.status.queued)

    def _renew(self) -> None:
        self.huey.storage.close()
        self.huey.storage.initialize_schema()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except ConfigurationError as error:
            raise RunError("FMNIST_QUEUE needs the redis package: `pip install redis`, or unset it.") from error
        except Exception as error:  # each storage raises its own
            way_out = "start Redis, or unset FMNIST_QUEUE" if self._url else "see that the store can be written"
            raise RunError(
                f"The queue at {self._place} cannot be reached ({error}). Nothing is lost: what is queued stays so. "
                f"To go on, {way_out}."
            ) from error


def _hand_to(take: Callable[[str], object] | None) -> Callable[[str], None]:
    def train(run_id: str) -> None:  # of this module for all, since Huey finds a task by its module and name
        if take is not None:
            take(run_id)

    return train


class _JsonMessages(Serializer):
    """Messages as JSON, where Huey would pickle them: who can write to the queue cannot run code by it."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


def _open_sqlite(path: Path) -> Huey:
    # The tables come with the first announcement, and the journal is no write-ahead log: that one needs shared memory,
    # which a network's file system has not
    return SqliteHuey(_NAME, filename=str(path), journal_mode="delete", create_tables=False, **_settings())


def _connect_redis(url: str) -> Huey:
    try:
        from redis import ConnectionPool
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError as error:
        raise ConfigurationError from error
    pool = ConnectionPool.from_url(
        url,
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )
    return PriorityRedisHuey(_NAME, connection_pool=pool, **_settings())


def _settings() -> dict[str, Any]:
    return {"results": False, "serializer": _JsonMessages()}
