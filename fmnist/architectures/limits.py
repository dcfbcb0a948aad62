"""How large a network may be that somebody designs: it must train on a laptop, and not fill its memory."""

from fmnist.architectures.layers import Layers
from fmnist.architectures.network import Network
from fmnist.architectures.shapes import trace_complete
from fmnist.errors import InputError

MOST_LAYERS = 40
MOST_PARAMS = 5_000_000
MOST_MULTIPLY_ADDS = 200_000_000
MOST_ACTIVATION_BYTES = 8_000_000


def check_design(layers: Layers) -> Network:
    """Return the network of layers that fit and are within the limits.

    Raises:
        InputError: if a layer does not fit its input, or the network is too large; the message says what to do.
    """
    if len(layers) > MOST_LAYERS:
        raise InputError(f"{len(layers):,} layers; at most {MOST_LAYERS} are allowed. Remove some.")
    network = trace_complete(layers)
    excess = describe_excess(network)
    if excess:
        raise InputError(excess)
    return network


def describe_excess(network: Network) -> str:
    """Return by what a network is too large for this machine's good, and what to do; "" where it is not."""
    if network.params > MOST_PARAMS:
        return f"{network.params:,} parameters; at most {MOST_PARAMS:,} are allowed. Pool more or use fewer channels."
    if network.multiply_adds > MOST_MULTIPLY_ADDS:
        amount, most = (f"{count / 1e6:,.0f} million" for count in (network.multiply_adds, MOST_MULTIPLY_ADDS))
        return f"{amount} multiply-adds per image; at most {most} are allowed. Pool earlier or use fewer channels."
    if network.activation_bytes > MOST_ACTIVATION_BYTES:
        size, most = (f"{count / 1e6:,.1f} MB" for count in (network.activation_bytes, MOST_ACTIVATION_BYTES))
        return f"{size} of activations per image; at most {most} are allowed. Pool earlier or use fewer channels."
    return ""
