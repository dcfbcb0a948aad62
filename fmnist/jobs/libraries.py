"""Whether this installation can train: TensorFlow and Keras come with the extra `train` alone."""

from importlib.util import find_spec

from fmnist.runs.run import RunError

_LIBRARIES = ("tensorflow", "keras")


def describe_missing_libraries() -> str:
    """Return a sentence that says how to install what training needs, or "" where it is installed.

    Nothing is imported.
    """
    if all(find_spec(name) for name in _LIBRARIES):
        return ""
    return 'TensorFlow, which trains the networks, is not installed. `pip install "fmnist-lab[train]"` installs it.'


def require_training_libraries() -> None:
    """Check that training is possible here.

    Raises:
        RunError: if TensorFlow or Keras is not installed.
    """
    missing = describe_missing_libraries()
    if missing:
        raise RunError(missing)
