"""The user's own runs on the Train page, and which of them is looked at: that one is in the address."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from fmnist.contenders.arrays import history_of
from fmnist.jobs import queue
from fmnist.runs.layout import user_store
from fmnist.runs.marks import hidden_keys
from fmnist.runs.reading import list_store
from fmnist.runs.records import Epoch
from fmnist.runs.run import BrokenRun, Run, RunError
from fmnist.ui.address import Parameter, recall
from fmnist.ui.codecs import OneOrNone
from fmnist.ui.markup import plain
from fmnist.ui.problems import show_problems
from fmnist.ui.show import show_section
from fmnist.ui.train.results import describe_outcome
from fmnist.ui.train.words import short_name
from fmnist.wording import plural

ACTIVE = ("queued", "running")
BROKEN_OFF = ("failed", "lost")
MARKED = "ended_at"  # when the last training ended, until the reader does something
_PARAMETER, _ENDED, _REFUSALS = "run", "ended", "refusals"
_MOST_BROKEN = 20  # runs that cannot be read, in the list; the others are counted
_LONG_LIST, _LIST_HEIGHT = 8, 400  # runs, and pixels within which more of them scroll


def own_runs() -> list[Run]:
    """Return the runs of the user's own store, the newest first; what is hidden only while it is in the queue."""
    hidden = hidden_keys()
    own = [run for run in list_store(user_store()) if run.id not in hidden or run.state in ACTIVE]
    return sorted(own, key=lambda run: 0.0 if isinstance(run, BrokenRun) else run.status.queued, reverse=True)


def read_history(run: Run) -> list[Epoch]:
    """Return a run's finished epochs, none where they are damaged."""
    try:
        return history_of(run)
    except RunError:
        return []


def watch(run: Run) -> None:
    """Look at that run from now on."""
    st.session_state.pop(MARKED, None)
    st.session_state[_PARAMETER] = run.id


def watch_none() -> None:
    """Look at whatever is of most interest."""
    st.session_state[_PARAMETER] = None


def asked_for() -> str | None:
    """Return the id of the run that was chosen, by the address or by a click since."""
    chosen: str | None = st.session_state.get(_PARAMETER)
    return chosen


def attempt(action: Callable[[], object]) -> None:
    """Do what a button asks for; a value out of its range or a store that refuses is told by `tell_refusals`."""
    st.session_state.pop(MARKED, None)
    try:
        action()
    except OSError as error:
        st.session_state.setdefault(_REFUSALS, []).append(f"The store cannot be written: {error.strerror or error}.")
    except (ValueError, RunError) as error:
        st.session_state.setdefault(_REFUSALS, []).append(str(error))


def tell_refusals() -> None:
    """Tell why what the buttons asked for was not done: a callback in a fragment may not show anything itself."""
    for words in st.session_state.pop(_REFUSALS, []):
        st.toast(plain(words), icon=":material/error:", duration="long")


def find_watched(runs: Sequence[Run]) -> Run | None:
    """Return the run to look at: the chosen one, or else the running, the next, or the newest one."""
    own = {run.id: run for run in runs}
    codec = OneOrNone({run_id: run_id for run_id in own})
    chosen = recall(Parameter[str | None](_PARAMETER, None, codec, "run of yours", lasts=False))
    running = next((run for run in runs if run.state == "running"), None)
    waiting = [run for run in runs if run.state == "queued"]
    return own.get(chosen or "") or running or next(iter(waiting[-1:] or runs), None)


def choose_ended(runs: Sequence[Run], watched: Run | None) -> None:
    """List the runs that are over, the newest first, and let the user look at one; those broken off can go on."""
    ended = _list_ended(runs)
    if not ended:
        return
    shown = watched.id if watched and watched.id in ended else None
    if st.session_state.get(_ENDED, "") != shown:  # set once: what is set arrives late and would undo a click since
        st.session_state[_ENDED] = shown
    zone = _zone()
    names = {run_id: short_name(run) for run_id, run in ended.items()}
    show_section("Your runs")
    room = st.container(height=_LIST_HEIGHT if len(ended) > _LONG_LIST else "content", border=False)
    room.radio(
        "Your runs",
        list(ended),
        format_func=names.__getitem__,
        captions=[f"{describe_outcome(run)}{_started(run, zone)}" for run in ended.values()],
        key=_ENDED,
        on_change=lambda: watch(ended[st.session_state[_ENDED]]),
        label_visibility="collapsed",
    )
    broken_off = [run for run in ended.values() if run.state in BROKEN_OFF]
    if len(broken_off) > 1:
        st.button(
            f"Resume {len(broken_off)} interrupted runs",
            icon=":material/resume:",
            on_click=_resume_all,
            args=(broken_off[::-1],),
        )


def _list_ended(runs: Sequence[Run]) -> dict[str, Run]:
    """Return the runs that are over by their keys, without all but the first few that cannot be read."""
    ended = [run for run in runs if run.state not in ACTIVE]
    broken = [run for run in ended if isinstance(run, BrokenRun)]
    if len(broken) > _MOST_BROKEN:
        title = f"{len(broken):,} of your {plural(len(runs), 'run')} cannot be read"
        show_problems(title, [f"{run.id}: {run.problem}" for run in broken])
    hidden = {run.id for run in broken[_MOST_BROKEN:]} - {asked_for()}
    return {run.id: run for run in ended if run.id not in hidden}


def _resume_all(runs: Sequence[Run]) -> None:
    attempt(lambda: queue.resume_all(runs))


def _zone() -> tzinfo:
    """Return the browser's time zone; UTC where it names none that is known here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _started(run: Run, zone: tzinfo) -> str:
    if isinstance(run, BrokenRun):
        return ""
    moment = datetime.fromtimestamp(run.status.queued, zone)
    return f" · {moment.day} {moment:%b, %H:%M}"
