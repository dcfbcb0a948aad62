import pytest

from fmnist import wording


@pytest.mark.parametrize(
    ("number", "place"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (111, "111th")],
)
def test_places_are_ordinals(number, place):
    assert wording.ordinal(number) == place


def test_differences_have_a_true_minus_and_no_negative_zero():
    assert wording.points(-0.0051) == "−0.51"
    assert wording.points(-0.000001) == "0.00"
    assert wording.signed_points(0.0129) == "+1.29"
    assert wording.span(-0.01, 0.02) == "−1.00 to 2.00"
    assert wording.percent(0.942) == "94.20%"


@pytest.mark.parametrize(
    ("parts", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_parts_become_a_list(parts, words):
    assert wording.join(parts) == words


def test_counts_and_long_lists():
    assert wording.plural(1, "run") == "1 run"
    assert wording.plural(1_200, "run") == "1,200 runs"
    assert wording.shorten(list("abcde")) == "a, b, c and 2 more"
    assert wording.shorten(list("abc")) == "a, b, c"
    assert wording.shorten(list("abcd")) == "a, b, c and 1 more"
    assert wording.shorten(list("ab"), most=1) == "a and 1 more"
    assert wording.shorten([]) == ""
    assert (wording.be(1), wording.be(2)) == ("is", "are")
    assert wording.sentence("both") == "Both"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (49, "less than a minute"),
        (50, "about 1 minute"),
        (100, "about 2 minutes"),
        (3_500, "about 58 minutes"),
        (3_599, "about 1 hour"),
        (4_700, "about 1 hour 20 minutes"),
        (7_300, "about 2 hours"),
    ],
)
def test_durations_are_rounded_as_one_would_say_them(seconds, words):
    assert wording.duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "10 s"), (14, "10 s"), (54, "50 s"), (55, "1 min"), (100, "2 min"), (3_599, "1 h"), (4_700, "1 h 20 min")],
)
def test_durations_in_short_are_rounded_alike(seconds, words):
    assert wording.brief_duration(seconds) == words
