"""A study's trials as plain data, for whoever shows or compares them."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from fmnist.search.optimizer import look_at_study
from fmnist.search.records import StudyRecord
from fmnist.search.space import Params, Value
from fmnist.search.store import Study

if TYPE_CHECKING:
    import optuna

State = Literal["running", "finished", "pruned", "failed"]

Evaluator = Literal["ped_anova", "fanova"]

_STATES: dict[str, State] = {"COMPLETE": "finished", "PRUNED": "pruned", "FAIL": "failed"}


@dataclass(frozen=True)
class Trial:
    """One trial: its settings, and what it has reached on the validation images.

    `value` is the study's measure for the kept epoch, None while it trains, where it failed or was pruned at once;
    `curve` the measure by epoch. Accuracy as a fraction, losses in nats; None where a study from elsewhere has none.
    """

    number: int
    state: State
    settings: tuple[tuple[str, Value], ...]
    value: float | None
    curve: tuple[tuple[int, float], ...] = ()
    val_loss: float | None = None
    val_accuracy: float | None = None
    seconds: float | None = None
    reason: str = ""

    @property
    def params(self) -> Params:
        """Its settings by name."""
        return dict(self.settings)

    @property
    def counts(self) -> bool:
        """Whether it has run its course, so that it may be the best."""
        return self.state == "finished" and self.value is not None


@dataclass(frozen=True)
class Trials:
    """All trials of a study by number, in which `key`, `title` and `version` tell a cache what they are."""

    key: str
    record: StudyRecord
    trials: tuple[Trial, ...]

    @property
    def title(self) -> str:
        """The study's name."""
        return self.record.name

    @property
    def version(self) -> Hashable:
        """What changes with any of it."""
        return self.record.measure, self.trials

    @property
    def ranked(self) -> list[Trial]:
        """The trials that have run their course, the best first; of equal ones the earlier."""
        sign = 1 if self.record.minimize else -1
        return sorted((each for each in self.trials if each.counts), key=lambda each: sign * (each.value or 0.0))

    @property
    def ended(self) -> "Trials":
        """The trials that are over, which change less often than those that train."""
        return replace(self, trials=tuple(trial for trial in self.trials if trial.state != "running"))

    @property
    def seconds(self) -> float:
        """How long all trials together have trained."""
        return sum(trial.seconds or 0.0 for trial in self.trials)

    @property
    def is_spent(self) -> bool:
        """Whether the budget of trials or minutes allows no further trial."""
        record = self.record
        over = record.most_minutes is not None and self.seconds / 60 >= record.most_minutes
        return over or len(self.trials) >= record.planned


def read_trials(study: Study) -> Trials:
    """Return the trials of a study as they are now. Raises RunError if they cannot be read."""
    return convert_trials(study, look_at_study(study))


def convert_trials(study: Study, opened: "optuna.Study | None") -> Trials:
    """Return the trials of an opened study; of none where nobody has begun it."""
    found = opened.get_trials(deepcopy=False) if opened else []
    return Trials(study.key, study.record, tuple(_convert(trial) for trial in found if trial.state.name != "WAITING"))


def measure_importance(study: Study, method: Evaluator) -> dict[str, float]:
    """Return how much each setting matters for the measure, in shares of 1, by Optuna's evaluators.

    Fewer trials than Optuna needs give none.
    """
    from optuna.importance import FanovaImportanceEvaluator, PedAnovaImportanceEvaluator, get_param_importances

    opened = look_at_study(study)
    if opened is None:
        return {}
    evaluator = FanovaImportanceEvaluator(seed=0) if method == "fanova" else PedAnovaImportanceEvaluator()
    try:
        return get_param_importances(opened, evaluator=evaluator)
    except (ValueError, RuntimeError):  # too few trials, or all alike
        return {}


def _convert(trial: "optuna.trial.FrozenTrial") -> Trial:
    told = trial.user_attrs
    return Trial(
        trial.number,
        _STATES.get(trial.state.name, "running"),
        tuple(trial.params.items()),
        None if trial.values is None else trial.values[0],
        tuple(sorted(trial.intermediate_values.items())),
        _number(told.get("val_loss")),
        _number(told.get("val_accuracy")),
        _number(told.get("seconds")),
        str(told.get("reason", ""))[:500],
    )


def _number(value: Any) -> float | None:  # noqa: ANN401
    return float(value) if isinstance(value, int | float) else None
