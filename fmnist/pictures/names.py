"""What people call what is on their pictures: the ten classes and names of their own, which become folders' names."""

import re
import unicodedata
from collections.abc import Mapping

from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.errors import InputError
from fmnist.naming import clean_name

LONGEST = 30
MOST_NEW = 10  # classes besides the ten

_NO_PART = re.compile(r"[^\w-]+")  # of a folder's name, on any system
_FOLDER = re.compile(r"(\d{1,2})_([\w-]{1,90})")


def clean_class(text: str) -> str:
    """Return a name of letters, digits, spaces and hyphens alone, at most 30 signs long; "" where none are left."""
    words = _NO_PART.sub(" ", clean_name(text)).replace("_", " ").split()
    return " ".join(words)[:LONGEST].strip(" -")


def folder_name(label: int, name: str) -> str:
    """Return the name of the folder of a class, as `score` reads it: "0_T-shirt_top", "10_Hat"."""
    return f"{label}_{clean_class(name).replace(' ', '_')}"


def parse_folder(folder: str) -> tuple[int, str] | None:
    """Return the label and the name of a class from its folder's name; None where it is no such name.

    Labels below ten are those of Fashion-MNIST, whatever they are called.
    """
    found = _FOLDER.fullmatch(unicodedata.normalize("NFC", folder))
    if found is None:
        return None
    label, name = int(found[1]), clean_class(found[2].replace("_", " "))
    if label < N_CLASSES:
        return label, CLASS_NAMES[label]
    return (label, name) if name else None


def find_label(text: str, known: Mapping[int, str]) -> int:
    """Return the label of the class with a name, whatever its case: one of those known, or a new one.

    Raises:
        InputError: if no letter or digit is left of the name, or there are too many new classes.
    """
    name = clean_class(text)
    if not name:
        raise InputError("Give the class a name with letters or digits.")
    for label, other in known.items():
        if clean_class(other).casefold() == name.casefold():
            return label
    free = set(range(N_CLASSES, N_CLASSES + MOST_NEW)) - set(known)
    if not free:
        raise InputError(f"There are {MOST_NEW} new classes already, which is the most: use one of them.")
    return min(free)
