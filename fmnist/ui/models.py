"""The chooser of models that pages share: seed groups first, then ensembles and imported models, then single runs.

It is folded into one button. The address names all of them as `runs`, by their keys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.finding import split_replicates
from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.seed_group import SeedGroup, group_seeds
from fmnist.contenders.selection import default_groups, rank_groups, reasons_to_hide
from fmnist.contenders.single_run import SingleRun
from fmnist.runs.run import CompleteRun, ReadableRun
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import pick_run, tell_apart
from fmnist.ui.codecs import Flag, SomeOf
from fmnist.wording import plural

_MOST_UNFINISHED = 3
_HIDDEN = Parameter("hidden", False, Flag(), "choice of hidden runs")


@dataclass(frozen=True, eq=False)
class Offer:
    """What can be chosen, by key and in the order of the list, with titles, other names of old links, and reasons.

    `hidden` says why some are listed only when asked for; `default` is chosen at first.
    """

    models: Mapping[str, Contender]
    titles: Mapping[str, str]
    aliases: Mapping[str, str]
    hidden: Mapping[str, str]
    default: Sequence[str]


@dataclass(frozen=True)
class _Keys(SomeOf):
    """The keys of an offer; other names stand for the same."""

    aliases: Mapping[str, str]

    def read(self, texts: Sequence[str]) -> tuple[list[str] | None, list[str]]:
        """Return the keys that the texts name."""
        return super().read([self.aliases.get(text, text) for text in texts])


def choose_models(
    runs: Sequence[ReadableRun],
    others: Sequence[Contender] = (),
    label: str = "Models",
    *,
    default: Sequence[str] = (),
    key: str = "runs",
    kept_as: str = "",
    folded: bool = True,
) -> list[Contender]:
    """Let the user choose models with all their seeds, `others` without runs of their own, and single runs.

    Without a choice the page says so and stops. `default` are keys to choose at first, instead of the leader, the best
    other architecture and a baseline. `folded` puts the list behind a button, as in "3 models", which cannot stand in
    another popover. The choice is in the address as `key`, and kept for the session as `kept_as`, by default the same.
    """
    offer = offer_models(runs, others)
    parameter = Parameter(
        key, list(default or offer.default), _Keys(offer.titles, offer.aliases), "run that exists here", kept_as
    )

    def show(key: str) -> list[str]:
        if not folded:
            return _show_list(offer, label, key)
        with st.popover(plural(len(st.session_state[key]), "model"), icon=":material/checklist:", key="models"):
            return _show_list(offer, label, key)

    chosen = choose(parameter, show)
    if not chosen:
        st.info("Select at least one model to continue.", icon=":material/checklist:")
        st.stop()
    return [offer.models[key] for key in chosen]


def choose_rows(
    runs: Sequence[CompleteRun], others: Sequence[Contender], default: Sequence[str] = ()
) -> list[Contender]:
    """Let the user choose models, for a page where each has one answer to an image; `default` as in `choose_models`."""
    return stand_ins(choose_models(runs, others, default=default))


def stand_in(model: Contender) -> Contender:
    """Return what stands for a model where an image needs one answer: a run with weights, else the first run or file.

    Its title names the seed. What has one answer anyway stands for itself.
    """
    return SingleRun(pick_run(model.runs)) if isinstance(model, OfRuns) else split_replicates(model)[0]


def stand_ins(models: Sequence[Contender]) -> list[Contender]:
    """Return what stands for each model; a run that stands for two is there once."""
    return list({run.key: run for run in map(stand_in, models)}.values())


def show_hidden(hidden: Mapping[str, str], count: int) -> bool:
    """Say how many runs are hidden and why, and return whether the user wants to see them all the same."""
    if not hidden:
        return False
    reasons = ", ".join(dict.fromkeys(hidden.values()))
    label = f"{plural(count, 'run')} hidden · Show"
    return choose(
        _HIDDEN, lambda key: st.toggle(label, standing_value(key, False), key=key, help=f"Hidden: {reasons}.")
    )


def offer_models(runs: Sequence[ReadableRun], others: Sequence[Contender] = ()) -> Offer:
    """Return what there is to choose: models with several seeds, then others, then single runs, the best first.

    A run without results belongs to no model yet.
    """
    groups = group_seeds(run for run in runs if isinstance(run, CompleteRun))
    ranked, reasons = rank_groups(groups), reasons_to_hide(groups)
    several = [group for group in ranked if len(group.runs) > 1]
    grouped = [SingleRun(run) for group in ranked for run in group.runs]
    known = {single.key for single in grouped}
    singles = [*grouped, *(SingleRun(run) for run in runs if run.id not in known)]
    first: Sequence[OfRuns] = default_groups(groups) or [SingleRun(run) for run in runs[:_MOST_UNFINISHED]]
    models: dict[str, Contender] = {model.key: model for model in (*several, *others, *singles)}
    titles = {other.key: other.title for other in others}
    titles |= {group.key: f"{group.title} · all {len(group.runs)} seeds" for group in several}
    hidden = {key: reason for key, model in models.items() if (reason := reasons.get(model.group))}
    return Offer(
        models=models,
        titles=tell_apart(titles | {single.key: single.title for single in singles}),
        aliases=_old_names(groups),
        hidden=hidden,
        default=[listed_key(model) for model in first] or [other.key for other in others[:_MOST_UNFINISHED]],
    )


def _show_list(offer: Offer, label: str, key: str) -> list[str]:
    chosen, box = st.session_state[key], st.container()
    count = sum(len(offer.models[hidden].members) == 1 for hidden in offer.hidden)
    shown = show_hidden(offer.hidden, count)
    options = [one for one in offer.models if shown or one not in offer.hidden or one in chosen]
    with box:
        return st.multiselect(
            label,
            options,
            standing_value(key),
            offer.titles.__getitem__,
            key=key,
            filter_mode="contains",
            select_all=False,
        )


def listed_key(model: Contender) -> str:
    """Return the key under which a model is listed: that of its only run, where it has one."""
    return model.runs[0].id if isinstance(model, OfRuns) and len(model.runs) == 1 else model.key


def _old_names(groups: Sequence[SeedGroup]) -> dict[str, str]:
    names = {group.key: listed_key(group) for group in groups}
    return names | {f"{group.title}, all seeds": listed_key(group) for group in groups}
