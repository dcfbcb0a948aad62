import pytest

from fmnist.ui.train.words import describe_place, describe_waiting


@pytest.mark.parametrize(
    ("position", "place"), [(1, "next"), (2, "second"), (10, "tenth"), (11, "11th"), (21, "21st"), (102, "102nd")]
)
def test_places_in_line_are_words_then_numbers(position: int, place: str):
    assert describe_place(position) == f"{place} in line"
    said = describe_waiting(position, 600, 1_200)
    assert said == f"{place[:1].upper()}{place[1:]} in line · about 10 min · done in about 20 min"
