"""A study leaves as an Optuna journal and comes back; what others have made is shown, and what is hostile refused."""

import json
from pathlib import Path

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import create_trial
from searching import tiny_study

from fmnist.errors import InputError
from fmnist.search.confirm import plan_confirmation, read_confirmation
from fmnist.search.exchange import export_study, import_study
from fmnist.search.optimizer import open_study
from fmnist.search.records import Confirmation, ConfirmedRun
from fmnist.search.store import Study
from fmnist.search.trials import read_trials
from fmnist.views import confirmation as confirming
from fmnist.views import search

LOSSES = (0.5, 0.4, 0.45)


def told_study(own_store: Path) -> Study:
    """Store a study of which each trial has ended, without training anything."""
    study = tiny_study()
    opened = open_study(study)
    for loss, rate in zip(LOSSES, (0.1, 0.01, 0.001), strict=True):
        told = {"val_loss": loss, "val_accuracy": 1 - loss, "seconds": 2.0}
        choices = {"learning_rate": CategoricalDistribution((0.1, 0.01, 0.001))}
        known = {"params": {"learning_rate": rate}, "distributions": choices, "user_attrs": told}
        opened.add_trial(create_trial(value=loss, intermediate_values={1: 1.0, 2: loss}, **known))
    return study


def journal(tmp_path: Path, name: str = "theirs", **options: object) -> tuple[Path, optuna.Study]:
    path = tmp_path / "other.log"
    return path, optuna.create_study(storage=JournalStorage(JournalFileBackend(str(path))), study_name=name, **options)


def test_a_study_that_leaves_and_comes_back_is_the_same_and_opens_in_optuna(own_store, tmp_path):
    study = told_study(own_store)
    data = export_study(study)
    path = tmp_path / "journal.log"
    path.write_bytes(data)
    theirs = optuna.load_study(storage=JournalStorage(JournalFileBackend(str(path))), study_name=study.key)
    assert theirs.best_value == 0.4
    back = import_study(data, "Back again")
    assert back.key != study.key
    assert read_trials(back).trials == read_trials(study).trials
    assert back.record.space == study.record.space
    assert back.record.name == "Back again"


def test_a_study_of_others_is_shown_with_plain_names_and_cannot_be_searched(own_store, tmp_path):
    path, theirs = journal(tmp_path, "<b>theirs</b>", direction="maximize")
    params = {"x<script>": 0.5, "kind": "<a href='//evil'>a</a>"}
    kinds = CategoricalDistribution(("<a href='//evil'>a</a>", "b"))
    theirs.add_trial(
        create_trial(value=3.5, params=params, distributions={"x<script>": FloatDistribution(0, 1), "kind": kinds})
    )
    study = import_study(path.read_bytes())
    assert study.record.space is None
    [trial] = read_trials(study).trials
    assert "<" not in str(trial.settings) + study.record.name
    found = search.compute(read_trials(study))
    assert search.finding(found).headline == "Trial 0 leads: objective value 3.5000"
    assert search.table(found).texts[0][2] == "3.5000"
    with pytest.raises(InputError, match="nothing to confirm"):
        plan_confirmation(study)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no operations"),
        (b"\x80\x04cposix\nsystem\n.", "not JSON"),
        (b"[1]\n", "no operations"),
        (b'{"op_code": 4}\n', "Optuna cannot read it"),
        (b"[" * 100_000, "not JSON"),
        (b" " * (10 * 2**20 + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_journal_is_refused(own_store, data, reason):
    with pytest.raises(InputError, match=reason):
        import_study(data)


def test_several_studies_and_several_objectives_are_refused(own_store, tmp_path):
    path, theirs = journal(tmp_path, directions=["minimize", "maximize"])
    with pytest.raises(InputError, match="several objectives"):
        import_study(path.read_bytes())
    optuna.create_study(storage=theirs._storage, study_name="second")
    with pytest.raises(InputError, match="must hold one study, not 2"):
        import_study(path.read_bytes())


def test_a_record_that_was_tampered_with_is_refused(own_store, tmp_path):
    data = export_study(told_study(own_store)).replace(
        b'\\"recipe\\": \\"textbook\\"', b'\\"recipe\\": \\"../../etc\\"'
    )
    with pytest.raises(InputError, match="There is no recipe"):
        import_study(data)
    lines = export_study(told_study(own_store)).splitlines()
    lines[1] = json.dumps(json.loads(lines[1]) | {"user_attr": {"fmnist_record": "{}"}}).encode()
    with pytest.raises(InputError, match="damaged"):
        import_study(b"\n".join(lines) + b"\n")


def test_the_luck_in_a_lead_is_what_fresh_seeds_do_not_repeat(own_store):
    study = told_study(own_store)
    planned = plan_confirmation(study)
    assert [(trial.number, config.seed) for trial, config in planned] == [(n, s) for n in (1, 2, 0) for s in (1, 2, 3)]
    assert read_confirmation(study) is None
    fresh = {1: 0.46, 2: 0.47, 0: 0.51}
    runs = tuple(ConfirmedRun(n, s, "run", 0.9, fresh[n] + (s - 2) / 100, 0.9) for n in fresh for s in (1, 2, 3))
    compared = confirming.compute(read_trials(study), Confirmation(1, runs))
    assert compared.leads == pytest.approx((0.075, 0.03))
    assert compared.optimism == pytest.approx(0.06)
    assert str(confirming.finding(compared)).startswith(
        "Trial 1 led by 0.0750 in the search and by 0.0300 on fresh seeds: 0.0450 of the lead was luck."
    )
    assert confirming.table(compared).texts[0][:5] == ["1", "0.4000", "0.4600", "+0.0600", "90.00"]
    waiting = confirming.compute(read_trials(study), Confirmation(1, (*runs[:2], ConfirmedRun(1, 3, "run"))))
    assert confirming.finding(waiting).headline == "2 of 3 retrainings have ended"
