import pytest

from fmnist.ui.train.words import describe_place, describe_waiting


@pytest.mark.parametrize(
    ("position", "place"), [(1, "next"), (2, "2nd"), (3, "3rd"), (11, "11th"), (21, "21st"), (102, "102nd")]
)
def test_places_in_the_queue_are_ordinals(position: int, place: str):
    assert describe_place(position) == f"{place} in the queue"
    assert describe_waiting(position, 600, 1_200) == f"{place}, takes about 10 minutes, done in about 20 minutes"
