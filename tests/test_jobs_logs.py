import logging
from collections.abc import Iterator

import pytest

from fmnist.errors import InputError
from fmnist.jobs.logs import start_logging


@pytest.fixture(autouse=True)
def ours() -> Iterator[logging.Logger]:
    """Give the package's logger as it is at first, and leave it as it was: a command may have started it here."""
    logger = logging.getLogger("fmnist")
    handlers, level = list(logger.handlers), logger.level
    logger.handlers.clear()
    yield logger
    logger.handlers[:] = handlers
    logger.setLevel(level)


@pytest.mark.parametrize(
    ("level", "told"), [("", ["INFO", "WARNING"]), ("warning", ["WARNING"]), ("DEBUG", ["DEBUG", "INFO", "WARNING"])]
)
def test_what_is_logged_from_a_level_on_is_on_standard_error(monkeypatch, capsys, level: str, told: list[str]):
    monkeypatch.setenv("FMNIST_LOG_LEVEL", level)
    start_logging()
    start_logging()  # once is enough
    log = logging.getLogger("fmnist.jobs.worker")
    for each in (log.debug, log.info, log.warning):
        each("Here.")
    assert [line.split()[-2:] for line in capsys.readouterr().err.splitlines()] == [[name, "Here."] for name in told]


def test_a_level_that_does_not_exist_is_refused(monkeypatch):
    monkeypatch.setenv("FMNIST_LOG_LEVEL", "loud")
    with pytest.raises(InputError, match="FMNIST_LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'"):
        start_logging()
