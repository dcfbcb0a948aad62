"""Labels stand where they cover least: beside their point, not on others, and within the figure."""

from fmnist.views.label_places import Mark, place_labels


def mark(x: float, y: float) -> Mark:
    return Mark(x, y, y - 0.05, y + 0.05)


def test_a_label_alone_stands_at_the_right_and_at_the_edge_at_the_left():
    assert place_labels({"a": mark(0.3, 0.5)}, {"a": "Name"}) == {"a": "middle right"}
    assert place_labels({"a": mark(0.99, 0.5)}, {"a": "Name"}) == {"a": "middle left"}


def test_a_label_gives_way_to_a_point_and_to_the_label_before_it():
    beside = {"a": mark(0.5, 0.5), "b": mark(0.55, 0.5)}
    assert place_labels(beside, {"a": "Name"}) == {"a": "middle left"}
    assert place_labels(beside, {"a": "Name", "b": "Name"}) == {"a": "middle left", "b": "middle right"}
    alone = {"a": mark(0.5, 0.5), "b": mark(0.55, 0.56)}
    places = place_labels(alone, {"b": "Long name", "a": "Long name"})
    assert places["b"] == "middle right"
    assert places["a"] != "middle right"


def test_intervals_take_room_too():
    high = Mark(0.57, 0.9, 0.4, 1.0)  # its line crosses the height of the other point
    assert place_labels({"a": mark(0.5, 0.5), "b": high}, {"a": "Name"}) == {"a": "middle left"}


def test_where_everything_is_taken_the_least_is_covered():
    crowd = {f"{column}{row}": mark(0.1 * column, 0.1 * row) for column in range(11) for row in range(11)}
    del crowd["46"]  # a gap above one point
    assert place_labels(crowd, {"45": "Twelve signs"})["45"] == "top center"
