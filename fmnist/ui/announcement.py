"""What has changed on a page, said to people who cannot see it: an answer, a finished training, a loaded image."""

from fmnist.ui.component import register_component

_announcement = register_component(__file__, isolate_styles=False)


def announce(text: str, key: str = "") -> None:
    """Let screen readers read a text aloud as soon as it differs from the last one; nothing is to be seen of it.

    Call it in each run, with an empty text where there is nothing to say: a reader notices changes alone. Several
    announcements on a page have a `key` each.
    """
    _announcement(key=f"announcement{key}", data={"text": text})
