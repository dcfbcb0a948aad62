"""A study as one Optuna journal file, to take along and to bring back; what comes from elsewhere is built anew.

Record and confirmation travel as attributes of the study. A study that Optuna alone has made can be looked at.
"""

import json
import math
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from fmnist.errors import InputError
from fmnist.naming import clean_name
from fmnist.runs.run import RunError
from fmnist.runs.writing import render_record
from fmnist.search.confirm import CONFIRMED, read_confirmation
from fmnist.search.optimizer import look_at_study, open_journal
from fmnist.search.records import MOST_TRIALS, SCHEMA, Confirmation, StudyRecord
from fmnist.search.space import check_space
from fmnist.search.store import JOURNAL, STUDIES, Study, make_key

if TYPE_CHECKING:
    import optuna

MOST_BYTES = 10 * 2**20
_MOST_PARAMS, _MOST_STEPS, _LONGEST = 30, 1000, 500
_RECORD, _CONFIRMATION = "fmnist_record", "fmnist_confirmation"
_NUMBERS = ("val_loss", "val_accuracy", "seconds", "epoch")


def export_study(study: Study) -> bytes:
    """Return a study's finished trials as a journal file. Raises RunError if they cannot be read."""
    opened, confirmation = look_at_study(study), read_confirmation(study)
    attributes = {_RECORD: json.dumps(msgspec.to_builtins(study.record))}
    if confirmation is not None:
        attributes[_CONFIRMATION] = json.dumps(msgspec.to_builtins(confirmation))
    trials = opened.get_trials(deepcopy=False) if opened else []
    return _write(study.key, study.record, [trial for trial in trials if trial.state.is_finished()], attributes)


def import_study(data: bytes, name: str = "") -> Study:
    """Store a study from a journal file as one of the user's.

    Raises:
        InputError: if the file is no journal of one study with one objective, or is too large.
    """
    _check_lines(data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / JOURNAL
        path.write_bytes(data)
        try:
            record, trials, confirmation = _read(path)
        except InputError:
            raise
        except Exception as error:  # whatever Optuna's parser raises for what only looks like a journal
            raise InputError("This is no Optuna journal: Optuna cannot read it.") from error
    title = clean_name(name) or record.name
    record = replace(record, name=title, created=time.time())
    if record.space is not None:
        check_space(record.space)
    key = make_key(title)
    files = {JOURNAL: _write(key, record, trials, {})}
    if confirmation is not None:
        files[CONFIRMED] = render_record(confirmation)
    return STUDIES.save(key, record, files)


def _check_lines(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise InputError(f"The file is larger than {MOST_BYTES // 2**20} MB.")
    try:
        lines = [msgspec.json.decode(line) for line in data.splitlines()]
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError("This is no Optuna journal: its lines are not JSON.") from error
    if not lines or not all(isinstance(line, dict) and isinstance(line.get("op_code"), int) for line in lines):
        raise InputError("This is no Optuna journal: its lines are no operations.")


def _read(path: Path) -> "tuple[StudyRecord, list[optuna.trial.FrozenTrial], Confirmation | None]":
    import optuna

    storage = open_journal(path)
    names = optuna.get_all_study_names(storage)
    if len(names) != 1:
        raise InputError(f"The journal must hold one study, not {len(names)}.")
    opened = optuna.load_study(storage=storage, study_name=names[0])
    if len(opened.directions) != 1:
        raise InputError("The study has several objectives. Only one is supported.")
    trials = [trial for trial in opened.get_trials(deepcopy=False) if trial.state.is_finished()]
    if len(trials) > MOST_TRIALS:
        raise InputError(f"The study has {len(trials):,} trials; at most {MOST_TRIALS:,} are supported.")
    told = opened.user_attrs
    confirmation = _parse(told[_CONFIRMATION], Confirmation) if _CONFIRMATION in told else None
    if _RECORD in told:
        record = _parse(told[_RECORD], StudyRecord)
    else:
        measure: Any = "loss" if opened.direction.name == "MINIMIZE" else "accuracy"
        title = clean_name(names[0]) or "Imported study"
        record = StudyRecord(SCHEMA, title, 0.0, None, measure=measure, most_trials=max(1, len(trials)))
    return record, [_rebuild(trial, own=record.space is not None) for trial in trials], confirmation


def _parse(text: Any, kind: Any) -> Any:  # noqa: ANN401
    try:
        return msgspec.json.decode(str(text), type=kind)
    except (msgspec.DecodeError, ValueError) as error:
        raise InputError(f"What FMNIST Lab wrote into the study is damaged: {error}.") from error


def _rebuild(trial: "optuna.trial.FrozenTrial", *, own: bool) -> "optuna.trial.FrozenTrial":
    """Return a trial with what is known to be harmless of it: names and texts are plain, numbers are finite."""
    import optuna

    if len(trial.params) > _MOST_PARAMS or len(trial.intermediate_values) > _MOST_STEPS:
        raise InputError(f"Trial {trial.number} has too many parameters or steps.")
    names = {name: name if own else clean_name(name)[:60] or "parameter" for name in trial.params}
    values = {step: value for step, value in trial.intermediate_values.items() if math.isfinite(value)}
    told: dict[str, Any] = {name: trial.user_attrs[name] for name in _NUMBERS if _is_number(trial.user_attrs.get(name))}
    if reason := clean_name(str(trial.user_attrs.get("reason", ""))[:_LONGEST]):
        told["reason"] = reason
    return optuna.trial.create_trial(
        state=trial.state,
        value=trial.value if trial.value is not None and math.isfinite(trial.value) else None,
        params={names[name]: _plain(value) for name, value in trial.params.items()},
        distributions={names[name]: _plain_choices(each) for name, each in trial.distributions.items()},
        user_attrs=told,
        intermediate_values=values,
    )


def _plain_choices(distribution: Any) -> Any:  # noqa: ANN401
    from optuna.distributions import CategoricalDistribution

    if not isinstance(distribution, CategoricalDistribution):
        return distribution
    return CategoricalDistribution(tuple(dict.fromkeys(map(_plain, distribution.choices))))


def _plain(value: Any) -> Any:  # noqa: ANN401
    return value if isinstance(value, bool | int | float) else clean_name(str(value)).replace(" ", "_") or "none"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf


def _write(key: str, record: StudyRecord, trials: "list[optuna.trial.FrozenTrial]", told: dict[str, str]) -> bytes:
    """Return a journal of these trials."""
    import optuna

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / JOURNAL
        direction: Any = "minimize" if record.minimize else "maximize"
        study = optuna.create_study(storage=open_journal(path), study_name=key, direction=direction)
        for name, text in told.items():
            study.set_user_attr(name, text)
        try:
            study.add_trials(trials)
        except ValueError as error:
            raise RunError(f"The study {key} cannot be written: {error}") from error
        return path.read_bytes()
