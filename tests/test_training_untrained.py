"""The network before its training is the one that the training starts from."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_training_resume import TEXTBOOK, TUNED
from trainings import train_here

from fmnist.architectures.shapes import trace_complete
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.untrained import UntrainedRun
from fmnist.dataset import Dataset
from fmnist.inference.inside.network import OpenNetwork
from fmnist.inference.serving import Classifier
from fmnist.recipes.config import RunConfig
from fmnist.runs.life_cycle import create_run
from fmnist.runs.run import CompleteRun


@pytest.mark.parametrize("config", [TEXTBOOK, replace(TUNED, average=0.0)], ids=["small", "normalised"])
def test_a_training_of_tiny_steps_hardly_leaves_the_untrained_weights(
    dataset: Dataset, own_store: Path, config: RunConfig
):
    from fmnist.training.fit import load_network
    from fmnist.training.untrained import build_untrained, main

    short = {"epochs": 1, "patience": None, "keep": "last", "learning_rate": 1e-7, "train_limit": 128}
    run = train_here(create_run(replace(config, warmup_epochs=0, **short), own_store))
    assert isinstance(run, CompleteRun)
    names = [weight.path for weight in load_network(run.directory).weights]
    trained = dict(zip(names, load_network(run.directory).get_weights(), strict=True))
    before = build_untrained(run.config).get_weights()
    for (name, weights), drawn in zip(trained.items(), before, strict=True):
        if "moving" not in name:  # statistics of the batches move by themselves
            np.testing.assert_allclose(weights, drawn, atol=1e-5)

    assert main([str(own_store), run.id]) == 0
    untrained = UntrainedRun(run)
    assert untrained.run.served == run.untrained != run.served
    assert (untrained.key, untrained.title) == (f"{run.id}~untrained", f"{SingleRun(run).title}, before training")
    opened = OpenNetwork(run.untrained, trace_complete(run.config.network))
    probs = opened.outputs(dataset.test_images[0])[-1]
    np.testing.assert_allclose(probs, Classifier(run.untrained).probs(dataset.test_images[:1])[0], atol=1e-6)
