"""The search itself: draw a trial, see to it, and draw the next, until the budget is spent or nobody wants it.

Any number of processes do so for one study at the same time, on one machine or on several that share the store. A trial
belongs to whoever holds its lock; one that nobody holds is taken up by the next who looks.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from fmnist.errors import InputError
from fmnist.jobs.libraries import require_training_libraries
from fmnist.jobs.locks import hold_queue, hold_slot
from fmnist.jobs.obstacles import describe_room
from fmnist.jobs.worker import default_trainings
from fmnist.runs.run import RunError
from fmnist.search.optimizer import draw, open_study, take_up
from fmnist.search.pursuit import Pursuit
from fmnist.search.store import STUDIES, Study, is_wanted, trials_store, want
from fmnist.search.trials import convert_trials
from fmnist.search.workers import Presence, hold_trial

if TYPE_CHECKING:
    import optuna

_log = logging.getLogger(__name__)

_SLOT_SECONDS = 0.5


def run_search(key: str, leave: threading.Event | None = None) -> int:
    """Search until the budget is spent, the study is stopped, or `leave` is set; return how many trials were seen to.

    What is being trained then is stopped, and goes on when the search does.

    Raises:
        InputError: if there is no such study, or it cannot be searched.
        RunError: if TensorFlow is not installed, the store cannot be written, or the trials cannot be read.
    """
    require_training_libraries()
    study = STUDIES.get(key)
    if study.record.space is None:
        raise InputError(f"{key} was imported without what it varies, so it can be looked at only.")
    want(study, wanted=True)
    trials_store(study).mkdir(exist_ok=True)
    with Presence(study) as presence:
        return _Searcher(study, presence, leave or threading.Event()).run()


class _Searcher:
    def __init__(self, study: Study, presence: Presence, leave: threading.Event) -> None:
        self._key, self._presence, self._leave = study.key, presence, leave
        self._study, self._opened = study, open_study(study)

    def run(self) -> int:
        seen = 0
        while self._wanted():
            self._study = STUDIES.get(self._key)  # its budget may have been changed
            with self._next() as pursuit:
                if pursuit is None:
                    self._conclude()
                    break
                _log.info("Trial %d: %s", pursuit.trial.number, pursuit.trial.params)
                seen += pursuit.follow()
        return seen

    def _conclude(self) -> None:
        """Say that the search has ended, unless it was stopped, or another process trains the last trials."""
        if self._wanted() and not self._list_running():
            want(self._study, wanted=False)

    def _wanted(self) -> bool:
        self._presence.beat()
        return is_wanted(self._study) and not self._leave.is_set()

    @contextmanager
    def _next(self) -> Iterator[Pursuit | None]:
        """Hold the trial to see to next: one that nobody sees to, or a new one; None where nothing is left."""
        with ExitStack() as held:
            with hold_queue(trials_store(self._study)):
                orphan = self._find_orphan(held)
            if orphan is not None:
                yield Pursuit(self._study, self._opened, orphan, self._wanted)
                return
            slot = self._wait_for_slot(held)
            trial = None if slot is None else self._draw(held)
            yield None if trial is None else Pursuit(self._study, self._opened, trial, self._wanted, slot)

    def _find_orphan(self, held: ExitStack) -> "optuna.trial.Trial | None":
        for number in self._list_running():
            if held.enter_context(hold_trial(self._study, number)) and number in self._list_running():
                return take_up(self._opened, self._study.record, number)
        return None

    def _draw(self, held: ExitStack) -> "optuna.trial.Trial | None":
        """Draw a trial unless the budget is spent; one process at a time, or two might draw the same."""
        with hold_queue(trials_store(self._study)):
            if convert_trials(self._study, self._opened).is_spent:
                return None
            trial = draw(self._opened, self._study.record)
            held.enter_context(hold_trial(self._study, trial.number))
            return trial

    def _wait_for_slot(self, held: ExitStack) -> int | None:
        while self._wanted():
            if trouble := describe_room(trials_store(self._study)):
                raise RunError(trouble)
            with ExitStack() as tried:
                slot = tried.enter_context(hold_slot(default_trainings()))
                if slot is not None:
                    held.push(tried.pop_all())
                    return slot
            self._leave.wait(_SLOT_SECONDS)
        return None

    def _list_running(self) -> list[int]:
        from optuna.trial import TrialState

        return [trial.number for trial in self._opened.get_trials(deepcopy=False, states=(TrialState.RUNNING,))]
