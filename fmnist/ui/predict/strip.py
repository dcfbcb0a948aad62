"""The answer to one picture at a glance: class, confidence, how many models agree, and what to know about it."""

from collections.abc import Sequence

import streamlit as st

from fmnist.contenders.imported import Imported
from fmnist.contenders.photo_reader import PhotoReader
from fmnist.contenders.taught import Taught
from fmnist.contenders.temperatures import temperature_of
from fmnist.dataset import CLASS_NAMES
from fmnist.ui.announcement import announce
from fmnist.ui.markup import plain
from fmnist.ui.predict.answers import NOBODY, UNFAMILIAR, Answer, bars_html, find_lead, first_choices
from fmnist.ui.predict.results import NO_ITEM, Result, tell_warnings
from fmnist.ui.show import show_card, show_finding
from fmnist.views.agreement import describe_confidence, describe_share
from fmnist.views.parts import Badge, Card, Finding
from fmnist.wording import be, join

_CALIBRATED = "Confidences are calibrated on validation images. For your own pictures they may still be too high."
_CALIBRATED_ON_PHOTOS = "The photo reader is calibrated on photos that it was not fitted on."
_CALIBRATED_ON_OWN = "My model is calibrated on your own pictures by cross-validation: a rough guide."

_CARD_WIDTH = 160  # pixels: the bars still fit beside it on a phone
_STRANGE = "This looks unlike the training images, so the answer is a guess."


def show_answer(result: Result) -> None:
    """Show the leading model's answer with its confidence and the picture's warnings; screen readers hear it."""
    announce(result.sentence, key="answer")
    lead = find_lead(result.answers)
    show_finding(_find(result, lead))
    if lead is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="lead"):
            confidence = describe_confidence(lead.confidence)
            show_card(
                Card("Confidence", confidence, lead.contender.short_title, describe_calibration([lead])), _CARD_WIDTH
            )
            st.html(bars_html(lead))
    for warning in tell_warnings(result.prepared):
        st.warning(plain(warning), icon=":material/info:")


def describe_calibration(answers: Sequence[Answer]) -> str:
    """Say on what confidences rest, and those of which models are as their files give them."""
    given = [answer.contender for answer in answers if answer.probs is not None]
    plain_ones = [one.title for one in given if isinstance(one, Imported) and temperature_of(one) is None]
    by_photos = [one for one in given if isinstance(one, PhotoReader)]
    own = [one for one in given if isinstance(one, Taught)]
    said = [_CALIBRATED] * (len(plain_ones) + len(by_photos) + len(own) < len(given))
    said += [_CALIBRATED_ON_PHOTOS] * len(by_photos) + [_CALIBRATED_ON_OWN] * len(own)
    if plain_ones:
        said.append(f"{join(plain_ones)} {be(len(plain_ones))} not calibrated: no validation images were held out.")
    return " ".join(said)


def show_hint(hint: str) -> None:
    """Say what to do while there is no picture."""
    announce("", key="answer")
    show_finding(hint)


def _find(result: Result, lead: Answer | None) -> Finding:
    if lead is None:
        return Finding(NOBODY if result.answers else NO_ITEM)
    said, name = first_choices(result.answers), lead.class_name
    agree = Badge(describe_share(lead.label, said), "good" if set(said) == {lead.label} else "neutral")
    strange = [Badge(UNFAMILIAR, "caution", _STRANGE)] if lead.unfamiliar else []
    headline = f"Best guess: {name}" if lead.unfamiliar else name
    return Finding(headline, badges=(agree, *strange, *_judge(result.subject.label, lead.label, said)))


def _judge(truth: int | None, answer: int, said: list[int]) -> list[Badge]:
    """Return what is known of the true class, as a badge."""
    if truth is None:
        return []
    right = f"{sum(label == truth for label in said)} of {len(said)} models are right."
    return [Badge(f"True class: {CLASS_NAMES[truth]}", "good" if answer == truth else "bad", right)]
