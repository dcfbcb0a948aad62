from dataclasses import replace

import numpy as np
import pytest
from attacked import made_up_attacks, write_attacked
from synthetic import write_run

from fmnist.runs.adversarial import load_adversarial, save_adversarial
from fmnist.runs.layout import ADVERSARIAL
from fmnist.runs.run import RunError


def test_what_is_written_is_read_and_keeps_what_others_did_earlier(own_store):
    run = write_run(own_store, right=10_000)
    assert load_adversarial(run) is None
    first = made_up_attacks(run, 30, {"a-b-s0": 60})
    save_adversarial(run, first)
    save_adversarial(run, made_up_attacks(run, 20, {"c-d-s0": 70}))
    read = load_adversarial(run)
    assert read.sources == (run.id, "c-d-s0", "a-b-s0")
    np.testing.assert_array_equal(read.pgd[2], first.pgd[1])
    assert (read.pgd[0, -1] == read.labels).sum() == 20


def test_other_images_or_definitions_are_not_merged(own_store):
    run = write_run(own_store)
    results = made_up_attacks(run, 30, {"a-b-s0": 60})
    alone = made_up_attacks(run, 30, {})
    assert alone.merged_with(replace(results, positions=results.positions + 1)) is alone
    assert alone.merged_with(replace(results, definition=2)) is alone


@pytest.mark.parametrize(
    "change",
    [
        {"levels": (1, 1, 2, 4, 8)},
        {"levels": (1, 2, 4, 8, 300)},
        {"sources": ("../a",)},
        {"fgsm": np.full((5, 100), 10, np.uint8)},
        {"clean": np.zeros(99, np.uint8)},
        {"positions": np.zeros(100, np.int32)},
    ],
)
def test_what_cannot_be_is_refused(own_store, change):
    results = made_up_attacks(write_run(own_store), 30, {})
    with pytest.raises(ValueError, match="cannot be"):
        replace(results, **change)


def test_a_damaged_file_and_one_of_other_weights_are_told(own_store):
    run = write_attacked(own_store, "ann-textbook-s0", 30, {})
    results = load_adversarial(run)
    save_adversarial(run, replace(results, clean=(results.clean + 1) % 10))
    with pytest.raises(RunError, match="other weights; attack the run again"):
        load_adversarial(run)
    (run.directory / ADVERSARIAL).write_bytes(b"PK\3\4 torn")
    with pytest.raises(RunError, match="damaged; attack the run again"):
        load_adversarial(run)
