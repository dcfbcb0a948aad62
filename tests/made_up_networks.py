"""Networks that Hypothesis makes up of all kinds of layers."""

from hypothesis import strategies as st

from fmnist.architectures.layers import (
    Convolution,
    Dense,
    Dropout,
    Flatten,
    GlobalAverage,
    InvertedResidual,
    Layer,
    Layers,
    Pooling,
    Residual,
    SeparableConvolution,
)
from fmnist.architectures.shapes import trace

_WIDTHS, _STRIDES = st.sampled_from([1, 3, 4, 8]), st.sampled_from([1, 2, 3])
_ACTIVATIONS = st.sampled_from(["relu", "leaky_relu", "gelu", "silu", "tanh", "sigmoid", "linear"])
LAYERS: st.SearchStrategy[Layer] = st.one_of(
    st.builds(
        Convolution,
        _WIDTHS,
        kernel=st.integers(1, 5),
        stride=_STRIDES,
        padding=st.sampled_from(["same", "valid"]),
        pool=st.sampled_from([0, 2, 3]),
        normalised=st.booleans(),
        activation=_ACTIVATIONS,
    ),
    st.builds(SeparableConvolution, _WIDTHS, kernel=st.sampled_from([3, 4]), stride=_STRIDES, normalised=st.booleans()),
    st.builds(Pooling, st.sampled_from(["max", "average"]), size=st.integers(2, 4), stride=_STRIDES),
    st.builds(Residual, _WIDTHS, stride=_STRIDES, activation=_ACTIVATIONS),
    st.builds(InvertedResidual, _WIDTHS, expansion=st.integers(1, 3), stride=_STRIDES, squeeze=st.booleans()),
    st.builds(Dropout, st.sampled_from([0.0, 0.125, 0.5])),
    st.just(Flatten()),
    st.just(GlobalAverage()),
    st.builds(Dense, _WIDTHS, normalised=st.booleans(), activation=_ACTIVATIONS),
)


@st.composite
def networks(draw: st.DrawFn) -> Layers:
    """Return layers that fit: of those drawn, each that fits what stands before it."""
    layers: Layers = ()
    for layer in draw(st.lists(LAYERS, max_size=7)):
        longer = (*layers, layer)
        if len(trace(longer).rows) >= len(longer):
            layers = longer
    return layers if not trace(layers).problem else (*layers, Flatten())
