"""Ensembles on disk: `<store>/ensembles/<key>/ensemble.json`."""

import hashlib
import json
import time
from collections.abc import Sequence

from fmnist.ensembles.records import MOST_MEMBERS, SCHEMA, Average, EnsembleRecord
from fmnist.errors import InputError
from fmnist.naming import clean_name
from fmnist.runs.layout import user_store
from fmnist.runs.reading import find_run
from fmnist.runs.shelf import Item, Shelf

ENSEMBLES = Shelf("ensembles", "ensemble.json", EnsembleRecord, SCHEMA, "ensemble")
_KEY_DIGITS = 12


def create_ensemble(members: Sequence[str], average: Average = "calibrated", name: str = "") -> Item[EnsembleRecord]:
    """Store an ensemble of runs with equal weights; the same members and average are one ensemble.

    One that ships with FMNIST Lab is returned as it is.

    Args:
        members: the keys of at least two runs with results, in any order; each counts once.
        average: whether temperature-scaled or plain probabilities are averaged.
        name: what it is called; without one, after its members.

    Raises:
        InputError: if there are too few or too many members, or the store cannot be written.
        RunError: if a member is no run with results.
    """
    draft = draft_ensemble(members, average, name)
    for member in draft.record.members:
        find_run(member)
    shipped = ENSEMBLES.find(draft.key)
    if isinstance(shipped, Item) and shipped.directory.parent.parent != user_store():
        return shipped
    return ENSEMBLES.save(draft.key, draft.record)


def draft_ensemble(members: Sequence[str], average: Average, name: str = "") -> Item[EnsembleRecord]:
    """Return an ensemble as `create_ensemble` would store it; nothing is written.

    Raises:
        InputError: if there are too few or too many members.
    """
    chosen = sorted(set(members))
    if not 2 <= len(chosen) <= MOST_MEMBERS:
        raise InputError(f"An ensemble has 2 to {MOST_MEMBERS} different runs, not {len(chosen)}.")
    weights = [1 / len(chosen)] * len(chosen)
    record = EnsembleRecord(SCHEMA, chosen, weights, average, time.time(), clean_name(name))
    return Item(user_store() / ENSEMBLES.folder / _make_key(chosen, average), (), record)


def _make_key(members: Sequence[str], average: Average) -> str:
    digest = hashlib.sha256(json.dumps([average, *members]).encode()).hexdigest()
    return f"ensemble-{digest[:_KEY_DIGITS]}"
