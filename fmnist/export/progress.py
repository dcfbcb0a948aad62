"""How far an export is: what it does now, and which share of its work is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from fmnist.export.formats import Format

Phase = Literal["converting", "checking"]

_LIBRARY, _CONVERSION, _START = 6.0, 3.0, 1.5  # seconds, about: to import TensorFlow, make a file, begin a process
_CALLS = 8.0  # seconds, at most, for latencies


@dataclass(frozen=True)
class Progress:
    """What an export does now, for which format, and how much of its work is done, from 0 to 1."""

    phase: Phase
    format: str = ""
    share: float = 0.0


Report = Callable[[Progress], None]


class Work:
    """The work of an export in about as many seconds as it takes; tells `report` how much of it is done."""

    def __init__(self, formats: Sequence[Format], latency_ms: float, images: int, report: Report) -> None:
        self._report = report
        made = sum(1 for one in formats if one.is_converted)
        self._conversion = _LIBRARY + _CONVERSION * made if made else 0.0
        self._checks = {one.key: _check_seconds(one, latency_ms, images) for one in formats}
        self._total = self._conversion + sum(self._checks.values())
        self._done = 0.0

    def convert(self, share: float, key: str = "") -> None:
        """Tell that this share of the conversions is done, and which comes next."""
        self._report(Progress("converting", key, share * self._conversion / self._total))
        self._done = self._conversion

    def checking(self, key: str, images: int) -> Callable[[int], None]:
        """Return what hears how many of so many images the file of a format has answered."""
        seconds = self._checks[key]

        def tell(done: int) -> None:
            self._report(Progress("checking", key, (self._done + seconds * done / images) / self._total))
            self._done += seconds if done >= images else 0.0

        return tell


def _check_seconds(one: Format, latency_ms: float, images: int) -> float:
    library = _LIBRARY if one.needs_tensorflow_to_run else 0.0
    return _START + library + _CALLS / 2 + images * latency_ms / 1000
