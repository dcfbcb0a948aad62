"""Layouts of features, and shares of neighbours: by value, by property, and beside a direct computation."""

import numpy as np
import pytest

from fmnist.evaluation.embedding import find_nearest, lay_out, share_alike


@pytest.fixture(scope="module")
def clusters() -> tuple[np.ndarray, np.ndarray]:
    """Return 90 points in three distant clusters, (90, 8), and their clusters."""
    labels = np.repeat([0, 1, 2], 30)
    rng = np.random.default_rng(0)
    centres = 20 * rng.normal(size=(3, 8))
    return (centres[labels] + rng.normal(size=(90, 8))).astype(np.float32), labels


def test_neighbours_are_those_of_a_direct_computation(clusters):
    features, _ = clusters
    distances = np.linalg.norm(features[:, None] - features[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert np.array_equal(find_nearest(features, 4), np.argsort(distances, axis=1)[:, :4])


def test_the_neighbours_of_distant_clusters_share_their_cluster(clusters):
    features, labels = clusters
    assert (share_alike(find_nearest(features), labels) == 1).all()


def test_the_share_counts_equal_labels():
    nearest = np.array([[1, 2], [0, 2], [0, 1]])
    assert share_alike(nearest, np.array([5, 5, 7])).tolist() == [0.5, 0.5, 0.0]


def test_layouts_keep_clusters_apart_and_are_the_same_again(clusters):
    features, labels = clusters
    layout = lay_out(features)
    for places in (layout.pca, layout.tsne):
        assert np.abs(places).max() == pytest.approx(1)
        centres = np.stack([places[labels == label].mean(axis=0) for label in range(3)])
        assert (np.linalg.norm(places[:, None] - centres, axis=2).argmin(axis=1) == labels).all()
    assert np.array_equal(lay_out(features).tsne, layout.tsne)


def test_few_images_have_no_ten_neighbours():
    with pytest.raises(ValueError, match="5 images"):
        find_nearest(np.zeros((5, 2)))


def test_the_steps_of_a_layout_are_told_and_nothing_is_printed(clusters, capsys):
    told: list[tuple[int, int]] = []
    layout = lay_out(clusters[0], report=lambda done, total: told.append((done, total)))
    assert len(told) > 5
    assert {total for _, total in told} == {1_000}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert capsys.readouterr().out == ""
    assert np.array_equal(layout.tsne, lay_out(clusters[0]).tsne)
