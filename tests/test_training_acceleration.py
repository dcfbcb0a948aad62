"""Faster arithmetic leaves a network what it is: its layers, its weights and, within its precision, its answers."""

import os
from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist.architectures.build import build_network
from fmnist.architectures.catalogue import get_architecture
from fmnist.training import acceleration
from fmnist.training.acceleration import FusedBatchNormalization, accelerate, arrange_threads, convolves, restore


@pytest.fixture(params=[False, True], ids=["float32", "bfloat16"])
def bfloat16(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(acceleration, "multiplies_bfloat16", lambda: request.param)
    return request.param


def build(name: str) -> keras.Model:
    return build_network(get_architecture(name).layers, name)


def images(n: int) -> np.ndarray:
    return np.random.default_rng(0).random((n, 28, 28, 1), np.float32)


def test_an_accelerated_network_has_the_weights_and_nearly_the_answers_of_the_plain_one(bfloat16: bool):
    plain = build("cnn_bn")
    fast = accelerate(plain)
    assert [layer.name for layer in fast.layers] == [layer.name for layer in plain.layers]
    assert sum(isinstance(layer, FusedBatchNormalization) for layer in fast.layers) == 3
    fast.set_weights(plain.get_weights())
    tolerance = 0.02 if bfloat16 else 1e-6
    np.testing.assert_allclose(
        fast.predict(images(16), verbose=0), plain.predict(images(16), verbose=0), atol=tolerance
    )
    assert fast.layers[0].compute_dtype == ("bfloat16" if bfloat16 else "float32")
    assert fast.layers[-1].compute_dtype == "float32"
    assert {variable.dtype for variable in fast.trainable_variables} == {"float32"}


@pytest.mark.parametrize("name", ["ann", "deeper_cnn", "efficientnet"])  # all operations that there are
def test_what_was_trained_fast_is_kept_as_its_layers_say(name: str, bfloat16: bool):
    fast = accelerate(build(name))
    kept = restore(fast, get_architecture(name).layers)
    assert kept.name == name
    assert not kept.compiled
    assert {layer.compute_dtype for layer in kept.layers} == {"float32"}
    assert {type(layer).__module__.partition(".")[0] for layer in kept.layers} == {"keras"}
    for before, after in zip(fast.get_weights(), kept.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_mixed_precision_can_be_switched_off(bfloat16: bool):
    assert {layer.compute_dtype for layer in accelerate(build("cnn_bn"), mixed=False).layers} == {"float32"}


def test_a_dense_network_stays_as_it_is(bfloat16: bool):
    network = build("ann")
    assert not convolves(network)
    assert accelerate(network) is network


def test_normalisation_in_one_operation_does_what_that_of_keras_does():
    maps = np.random.default_rng(1).normal(2.0, 3.0, (8, 5, 5, 4)).astype(np.float32)
    ours, keras_own = FusedBatchNormalization(), keras.layers.BatchNormalization()
    np.testing.assert_allclose(ours(maps, training=True), keras_own(maps, training=True), atol=1e-5)
    np.testing.assert_allclose(ours.moving_mean, keras_own.moving_mean, rtol=1e-5)
    unbiased = maps.var(axis=(0, 1, 2), ddof=1)
    np.testing.assert_allclose(ours.moving_variance, 0.99 + 0.01 * unbiased, rtol=1e-5)
    np.testing.assert_allclose(ours(maps), keras_own(maps), rtol=1e-3)
    vectors = maps.reshape(-1, 4)
    np.testing.assert_allclose(
        FusedBatchNormalization()(vectors, training=True), keras.layers.BatchNormalization()(vectors, training=True)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("processor : 0\nflags\t\t: fpu avx512f avx512_bf16\n", True),
        ("flags : amx_bf16 fpu", True),
        ("flags : fpu avx2 avx512f", False),
        ("Features : neon bf16", False),
        (None, False),
    ],
)
def test_whether_the_processor_multiplies_bfloat16_is_read_off_its_flags(
    text: str | None, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    flags = tmp_path / "cpuinfo"
    if text is not None:
        flags.write_text(text)
    monkeypatch.setattr(acceleration, "_CPU_FLAGS", flags)
    assert acceleration.multiplies_bfloat16.__wrapped__() is expected


@pytest.mark.parametrize(
    ("cores", "model", "batch_size", "set_before", "then"),
    [
        (2, "deeper_cnn", 32, None, "1"),
        (2, "ann", 128, "2", "2"),
        (2, "deeper_cnn", 128, None, None),
        (4, "deeper_cnn", 32, None, None),
    ],
    ids=["small steps", "set by the user", "large steps", "more cores"],
)
def test_small_steps_on_two_cores_take_a_core_for_each_operation(
    monkeypatch: pytest.MonkeyPatch, cores: int, model: str, batch_size: int, set_before: str | None, then: str | None
):
    monkeypatch.setattr(os, "environ", {"TF_NUM_INTRAOP_THREADS": set_before} if set_before else {})
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    arrange_threads(get_architecture(model).layers, batch_size)
    assert os.environ.get("TF_NUM_INTRAOP_THREADS") == then
