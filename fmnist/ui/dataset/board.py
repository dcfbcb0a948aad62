"""The images by class: samples, means and statistics of the data set, cached."""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from fmnist.dataset import CLASS_NAMES, FOOTWEAR, N_CLASSES, split_indices
from fmnist.evaluation.pixels import PixelStatistics, average_classes, leans_right, measure_pixels
from fmnist.ui import store
from fmnist.ui.pictures import image_source
from fmnist.ui.show import show_table

SPLITS = {"train": "Training", "validation": "Validation", "test": "Test"}
LEANING = (
    "the upper half of the object has its centre further right than the lower half. In a shoe seen from the side "
    "the ankle lies over the heel, so that one that leans right points left."
)
_SAMPLES = 24
_STYLE = """<style>
.classes { display: grid; grid-template-columns: max-content 56px minmax(0, 1fr); gap: 4px 14px; align-items: center;
  font-size: .85rem }
.classes img { display: block; width: 56px; height: 56px; image-rendering: pixelated }
.classes div { display: flex; flex-wrap: wrap; gap: 4px; height: 56px; overflow: hidden }
.classes b { font-weight: 600 }
@media (max-width: 640px) { .classes div { height: 116px } }
</style>"""


@dataclass(frozen=True, eq=False)
class ClassFacts:
    """What is known of the classes: images by split, int (3, 10) in the order of SPLITS, pixels, means and leaning."""

    counts: np.ndarray
    pixels: PixelStatistics
    means: np.ndarray
    right_shares: np.ndarray


@st.cache_resource(show_spinner="Counting pixels …")
def class_facts() -> ClassFacts:
    """Return the facts about the classes; all but the counts are taken over the 60,000 images of the training file."""
    images, labels = store.dataset().train_images, store.dataset().train_labels
    counts = [np.bincount(_split_labels(split), minlength=N_CLASSES) for split in SPLITS]
    leaning = leans_right(images)
    shares = [leaning[labels == label].mean() for label in range(N_CLASSES)]
    return ClassFacts(
        np.array(counts), measure_pixels(images, labels), average_classes(images, labels), np.array(shares)
    )


def show_classes(split: str, draw: int) -> None:
    """Show each class's mean and a row of its images, drawn anew for each number `draw`."""
    images, positions = _split_images(split), _split_positions(split)
    labels, rng = _split_labels(split), np.random.default_rng(draw)
    rows = ["<b>Class</b><b>Mean</b><b>Images</b>"]
    for label, name in enumerate(CLASS_NAMES):
        picked = rng.choice(positions[labels == label], _SAMPLES, replace=False)
        rows.append(_class_row(name, class_facts().means[label], images[picked]))
    st.html(f'{_STYLE}<section class="classes">{"".join(rows)}</section>')


def show_class_table() -> None:
    """Show counts, brightness and leaning of each class as a table."""
    facts, number = class_facts(), st.column_config.NumberColumn
    frame = pd.DataFrame({"Class": CLASS_NAMES})
    for title, counts in zip(SPLITS.values(), facts.counts, strict=True):
        frame[title] = counts
    frame["Mean pixel"] = facts.pixels.class_means
    frame["Background (%)"] = 100 * facts.pixels.empty_share
    frame["Leans right (%)"] = 100 * facts.right_shares
    show_table(
        frame,
        key="class_table",
        file_name="classes.csv",
        column_config={
            **{title: number(format="localized") for title in SPLITS.values()},
            "Mean pixel": number(format="%.3f", help="From 0, black, to 1"),
            "Background (%)": number(format="%.1f", help="Pixels that are exactly 0"),
            "Leans right (%)": number(format="%.1f", help="Images whose upper half lies further right"),
        },
    )


def describe_footwear() -> str:
    """Say which way the shoes point."""
    shares = class_facts().right_shares
    parts = [f"{100 * shares[label]:.1f} % of the {CLASS_NAMES[label].lower()}s" for label in FOOTWEAR]
    return (
        f"Nearly all footwear points left, {', '.join(parts[:-1])} and {parts[-1]}: "
        "a network trained on these images alone has hardly seen a shoe that points right."
    )


def describe_split() -> str:
    """Say how many images each split has, and how many of each class."""
    counts = class_facts().counts
    sizes = [
        f"{row.sum():,} for {use} ({_span(row)} of each class)"
        for row, use in zip(counts, ("training", "validation", "the test"), strict=True)
    ]
    return f"{counts.sum():,} images in {N_CLASSES} classes: {', '.join(sizes[:-1])} and {sizes[-1]}."


def _span(counts: np.ndarray) -> str:
    low, high = counts.min(), counts.max()
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _split_images(split: str) -> np.ndarray:
    data = store.dataset()
    return data.test_images if split == "test" else data.train_images


def _split_labels(split: str) -> np.ndarray:
    data = store.dataset()
    return (data.test_labels if split == "test" else data.train_labels)[_split_positions(split)]


def _split_positions(split: str) -> np.ndarray:
    """Return where a split's images are in their file."""
    if split == "test":
        return np.arange(len(store.dataset().test_labels))
    train, validation = split_indices()
    return train if split == "train" else validation


def _class_row(name: str, mean: np.ndarray, samples: np.ndarray) -> str:
    """Lay a class's name, mean and samples in a row; only samples that fit in whole are seen."""
    title = escape(name)
    images = "".join(f'<img src="{image_source(image)}" alt="{title}">' for image in samples)
    return f'<span>{title}</span><img src="{image_source(mean)}" alt="Mean of {title}"><div>{images}</div>'
