"""Designed networks on disk, `<store>/designs/<key>/design.json`, and all networks that can be trained."""

import hashlib
import re
import time
import unicodedata
from functools import lru_cache

from fmnist.architectures.catalogue import ARCHITECTURES, Architecture
from fmnist.architectures.layers import Layers
from fmnist.architectures.limits import check_design
from fmnist.architectures.notation import write_layers
from fmnist.designs.records import SCHEMA, DesignRecord
from fmnist.errors import InputError
from fmnist.naming import clean_name
from fmnist.runs.shelf import BrokenItem, Item, Shelf
from fmnist.wording import plural

DESIGNS = Shelf("designs", "design.json", DesignRecord, SCHEMA, "design")
MOST_DESIGNS = 50
_KEY_DIGITS, _SLUG_LENGTH = 8, 24


def save_design(name: str, layers: Layers) -> Architecture:
    """Store a design; the same name and layers are one design.

    Raises:
        InputError: if the name has no letter or digit, a layer does not fit, the network is too large, there are too
            many designs, or the store cannot be written.
    """
    cleaned = clean_name(name)
    if not cleaned:
        raise InputError("Give the design a name with letters or digits.")
    check_design(layers)
    key = _make_key(cleaned, layers)
    if DESIGNS.find(key) is None and len(DESIGNS.list_items()) >= MOST_DESIGNS:
        raise InputError(f"There are {MOST_DESIGNS} designs. Delete one first.")
    return _as_architecture(DESIGNS.save(key, DesignRecord(SCHEMA, cleaned, layers, time.time())))


def name_network(name: str, layers: Layers) -> Architecture:
    """Return a network under a name that runs can carry, without storing it; equal networks have equal keys."""
    return Architecture(_make_key(name, layers), name, "", layers)


def list_designs() -> list[Architecture]:
    """Return the designs that can be read, the newest first."""
    items = [item for item in list_stored() if isinstance(item, Item)]
    return [_as_architecture(item) for item in sorted(items, key=lambda item: -item.record.created)]


def list_stored() -> list[Item[DesignRecord] | BrokenItem]:
    """Return all that is stored; what was changed by hand is broken.

    Runs are told apart by the key, so it stands for a name and layers, and is never that of a network of the catalogue.
    """
    return [_check_key(item) for item in DESIGNS.list_items()]


def list_architectures() -> dict[str, Architecture]:
    """Return every network that can be trained by its key: the catalogue's, then the designs."""
    return ARCHITECTURES | {design.name: design for design in list_designs()}


def find_architecture(name: str) -> Architecture:
    """Return the network with that key, or the design with that title.

    Raises:
        InputError: if there is none or several; the message lists what there is.
    """
    known = list_architectures()
    if name in known:
        return known[name]
    titled = [one for one in known.values() if one.title.casefold() == name.casefold()]
    if len(titled) != 1:
        what = "several networks are" if titled else "no network is"
        raise InputError(f"{what.capitalize()} called {name!r}; choose one of {', '.join(known)}.")
    return titled[0]


def _check_key(item: Item[DesignRecord] | BrokenItem) -> Item[DesignRecord] | BrokenItem:
    if isinstance(item, BrokenItem) or item.key == _make_key(item.record.name, item.record.layers):
        return item
    return BrokenItem(item.directory, f"{DESIGNS.file} has another name or other layers than it was saved with")


def _as_architecture(item: Item[DesignRecord]) -> Architecture:
    record = item.record
    return Architecture(item.key, record.name, f"Your design of {plural(len(record.layers), 'layer')}", record.layers)


@lru_cache(maxsize=1000)  # designs are listed often, and the same name and layers always give the same key
def _make_key(name: str, layers: Layers) -> str:
    """Return a key that runs can carry: the name in plain letters, and a hash that tells layers and names apart."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_SLUG_LENGTH].strip("_")
    digest = hashlib.sha256(f"{name}\n{write_layers(layers)}".encode()).hexdigest()[:_KEY_DIGITS]
    return f"{slug if slug[:1].isalpha() else f'net_{slug}'.strip('_')}_{digest}"
