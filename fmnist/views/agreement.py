"""How far models agree about one picture, and how many are right, in words."""

from collections import Counter
from collections.abc import Sequence

from fmnist.dataset import CLASS_NAMES


def describe_lead(model: str, said: str, confidence: float, agreeing: tuple[int, int], *, unfamiliar: bool) -> str:
    """Say the class that the leading model predicts; `agreeing` are how many of how many others predict it, too."""
    agree = f"; {_describe_others(*agreeing)}" if agreeing[1] else ""
    if unfamiliar:
        return f"This looks unlike the training images. Best guess: {said}{agree}."
    return f"{model} says {said} with {describe_confidence(confidence)} confidence{agree}."


def describe_confidence(confidence: float) -> str:
    """Write a probability as a whole percentage; no model is certain."""
    return "> 99%" if confidence >= 0.995 else f"{100 * confidence:.0f}%"


def describe_share(label: int, labels: Sequence[int]) -> str:
    """Say how many models predict a class, as in "8 of 9 models agree"; `labels` holds one class for each model."""
    n_agree = sum(said == label for said in labels)
    return f"{n_agree} of {len(labels)} models {'agrees' if n_agree == 1 else 'agree'}"


def describe_truth(label: int, labels: Sequence[int]) -> str:
    """Say the true class of an image and how many models are right; `labels` holds one class for each model."""
    n_right = sum(said == label for said in labels)
    return f"The true class is {CLASS_NAMES[label]}: {n_right} of {len(labels)} right."


def describe_verdicts(label: int, labels: Sequence[int]) -> str:
    """Say how an image is labelled and what the models make of it; `labels` holds one class for each model."""
    others = [CLASS_NAMES[said] for said, _ in Counter(said for said in labels if said != label).most_common()]
    right, total, name = sum(said == label for said in labels), len(labels), CLASS_NAMES[label]
    all_of_them = {1: "the model", 2: "both models"}.get(total, f"all {total} models")
    if right == total:
        return f"Labelled {name}, and {all_of_them} {'agrees' if total == 1 else 'agree'}."
    if right == 0 and len(others) == 1:
        return f"Labelled {name}, but {all_of_them} {'says' if total == 1 else 'say'} {others[0]}."
    if right == 0:
        return f"Labelled {name}, but the models say {_either(others)}."
    if total == 2:
        return f"Labelled {name}: one model agrees, the other says {others[0]}."
    rest = "the other says" if total - right == 1 else "the others say"
    return (
        f"Labelled {name}: {right} of {total} models {'agrees' if right == 1 else 'agree'}, {rest} {_either(others)}."
    )


def _either(names: Sequence[str]) -> str:
    return " or ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _describe_others(agree: int, total: int) -> str:
    if total == 1:
        return "the other model agrees" if agree else "the other model disagrees"
    if agree == total:
        return f"all {total} other models agree"
    if agree == 0:
        return f"none of the other {total} models agrees"
    return f"{agree} of the other {total} models {'agrees' if agree == 1 else 'agree'}"
