"""What the submitter says of a model, and whether it can be used."""

from dataclasses import dataclass

from fmnist.errors import InputError
from fmnist.imports.checks import Form
from fmnist.imports.records import check_link
from fmnist.naming import clean_name


@dataclass(frozen=True)
class Details:
    """What the submitter says of a model.

    `held_out` declares that the validation images were not trained on, and `form` what the numbers are, where it is
    not to be found out.
    """

    name: str
    submitter: str = ""
    notes: str = ""
    link: str = ""
    params: int | None = None
    train_seconds: float | None = None
    held_out: bool = False
    form: Form | None = None


def check_details(details: Details) -> None:
    """Check what a submitter says.

    Raises:
        InputError: if the name is none, a number is out of range, or the link is none; the message says which.
    """
    check_names(details)
    if details.params is not None and not 1 <= details.params <= 10**10:
        raise InputError("The number of parameters must lie between 1 and 10,000,000,000.")
    if details.train_seconds is not None and not 0 <= details.train_seconds <= 1e9:
        raise InputError("The training time must be a number of seconds from 0.")
    if details.link.strip():
        check_link(details.link)


def check_names(details: Details) -> tuple[str, str, list[str]]:
    """Return the name and the submitter as they are shown, and a note where they lost something.

    Raises:
        InputError: if nothing is left of the name.
    """
    name, submitter = clean_name(details.name), clean_name(details.submitter)
    if not name:
        raise InputError("Give the model a name with letters or digits.")
    lost = [
        given.strip() for given, kept in ((details.name, name), (details.submitter, submitter)) if given.strip() != kept
    ]
    return name, submitter, ["Characters that names cannot contain were removed."] * bool(lost)
