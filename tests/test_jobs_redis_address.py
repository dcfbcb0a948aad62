"""Nothing of a Redis password is ever printed, whatever is in it."""

import traceback
from contextlib import closing
from pathlib import Path

import pytest

from fmnist.jobs.broker import Broker
from fmnist.jobs.redis_address import show_address
from fmnist.runs.run import RunError


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("redis://host:6379/0", "redis://host:6379/0"),
        ("redis://somebody:s3cret@host:6379/0", "redis://host:6379/0"),
        ("rediss://:s3%2Fcr%23et%3F%40@host/1", "rediss://host/1"),
        ("redis://host:6379/0?password=s3cret", "redis://host:6379/0"),
        ("redis://:s3@cret@host:6379/0", "redis://host:6379/0"),
        ("unix://somebody:s3cret@/run/redis.sock?db=1", "unix:///run/redis.sock"),
    ],
)
def test_an_address_is_shown_without_its_password(address, shown):
    assert show_address(address) == shown


@pytest.mark.parametrize(
    "address",
    [
        "redis://somebody:s3cret/xyz@host:6379/0",
        "redis://somebody:s3cret#xyz@host:6379/0",
        "redis://somebody:s3cret?xyz@host:6379/0",
        "redis://somebody:77/s3cret@host:6379/0",  # what comes before the stroke could be a port
        "redis://somebody:77#s3cret@host:6379/0",
        "redis://:s3cret[xyz@host:6379/0",
        "redis://host:6379/0?password=xyz@s3cret",
        "somebody:s3cret@host:6379",
        "s3cret",
        "http://:s3cret@host",
        "redis://:s3cret@host:port/0",
    ],
)
def test_what_is_no_address_is_refused_without_quoting_it(address, own_store: Path, monkeypatch):
    monkeypatch.setenv("FMNIST_QUEUE", address)
    with pytest.raises(
        RunError, match="FMNIST_QUEUE (is not the address of a Redis database|has no scheme)"
    ) as refusal:
        Broker(own_store)
    told = "".join(traceback.format_exception(refusal.value))
    assert "s3cret" not in told
    assert "xyz" not in told


@pytest.mark.parametrize("password", ["s3%2Fcret", "s3%23cret", "s3%3Fcret", "s3@cret", "s3:cret", "%73%33cret"])
def test_a_server_that_does_not_answer_is_named_without_the_password(password, own_store: Path, monkeypatch):
    monkeypatch.setenv("FMNIST_QUEUE", f"redis://somebody:{password}@127.0.0.1:1/0")
    with closing(Broker(own_store)) as broker, pytest.raises(RunError) as failure:
        broker.announce([])
    assert "The queue at redis://127.0.0.1:1/0 cannot be reached" in str(failure.value)
    assert "cret" not in str(failure.value)
