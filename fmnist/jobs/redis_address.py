"""The address of the queue's Redis database: checked before it is used, and shown without what is secret in it."""

from urllib.parse import SplitResult, urlsplit

from fmnist.runs.run import RunError

_SCHEMES = ("redis://", "rediss://", "unix://")
_SAFE = "Nothing is lost: what is queued stays so."
_NO_SCHEME = (
    "FMNIST_QUEUE has no scheme: it must begin with redis://, rediss:// or unix://, as in redis://host:6379/0. " + _SAFE
)
_NO_ADDRESS = (
    "FMNIST_QUEUE is not the address of a Redis database, such as redis://host:6379/0. "
    "In a password, write /, #, ? and @ as %2F, %23, %3F and %40. " + _SAFE
)


def show_address(url: str) -> str:
    """Return a Redis address without the user's name, the password and the options.

    Raises:
        RunError: if it is no address. The message quotes nothing: where a sign in a password ends the host's part too
            early, the rest of the password is in the port, the path or the query.
    """
    parts = _split(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _split(url: str) -> SplitResult:
    if not url.startswith(_SCHEMES):
        raise RunError(_NO_SCHEME)
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number; the error quotes what may be a part of the password
    except ValueError:
        raise RunError(_NO_ADDRESS) from None
    if "@" in parts.path + parts.query + parts.fragment:
        raise RunError(_NO_ADDRESS)
    return parts
