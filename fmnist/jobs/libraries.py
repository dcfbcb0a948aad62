"""Whether this installation can train: TensorFlow and Keras come with the extra `train` alone."""

import os
from importlib.util import find_spec

from fmnist.paths import home_is_known
from fmnist.runs.layout import user_store
from fmnist.runs.run import RunError

_LIBRARIES = ("tensorflow", "keras")
_KERAS = ".keras"


def describe_missing_libraries() -> str:
    """Return a sentence that says how to install what training needs, or "" where it is installed.

    Nothing is imported.
    """
    if all(find_spec(name) for name in _LIBRARIES):
        return ""
    return 'TensorFlow, which trains the networks, is not installed. `pip install "fmnist-lab[train]"` installs it.'


def describe_no_trainer() -> str:
    """Return a sentence that says why nobody trains what is queued here, or "".

    With FMNIST_QUEUE, workers of other machines train, so that this one need not be able to.
    """
    return "" if os.environ.get("FMNIST_QUEUE") else describe_missing_libraries()


def require_trainer() -> None:
    """Check that what is queued can be trained, here or by others; raises RunError."""
    if os.environ.get("FMNIST_QUEUE") and describe_missing_libraries():
        return
    require_training_libraries()


def require_training_libraries() -> None:
    """Check that training is possible here, and that Keras, here and in child processes, has a folder for its settings.

    Raises:
        RunError: if TensorFlow or Keras is not installed.
    """
    missing = describe_missing_libraries()
    if missing:
        raise RunError(missing)
    if not os.environ.get("KERAS_HOME") and not home_is_known():
        os.environ["KERAS_HOME"] = str(user_store() / _KERAS)  # or Keras makes a folder named "~" where it is started
