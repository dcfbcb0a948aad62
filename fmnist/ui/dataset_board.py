"""The images by class: samples, means and statistics of the data set, cached."""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from fmnist.dataset import CLASS_NAMES, N_CLASSES, split_indices
from fmnist.evaluation.pixels import PixelStatistics, average_classes, leans_right, measure_pixels
from fmnist.ui import store
from fmnist.ui.predict_steps import image_source
from fmnist.ui.show import show_table

SPLITS = {"train": "Training", "validation": "Validation", "test": "Test"}
FOOTWEAR = {name: CLASS_NAMES.index(name) for name in ("Sandal", "Sneaker", "Ankle boot")}
_SAMPLES = 24
_GAP = 4  # pixels of the strip between two samples, at twice the images' size
_STYLE = """<style>
.classes { display: grid; grid-template-columns: max-content 60px minmax(0, 1fr); gap: 3px 12px; align-items: center;
  font-size: .85rem }
.classes img { display: block; height: 56px; image-rendering: pixelated }
.classes div { overflow-x: auto; scrollbar-width: thin }
.classes div img { max-width: none }
.classes b { font-weight: 600 }
.classes i { font-style: normal; opacity: .7 }
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
    parts = [f"{100 * shares[label]:.1f} % of the {name.lower()}s" for name, label in FOOTWEAR.items()]
    return (
        f"Nearly all footwear points left, {', '.join(parts[:-1])} and {parts[-1]}: "
        "a network trained on these images alone has hardly seen a shoe that points right."
    )


def describe_split() -> str:
    """Say how many images each split has, and how many of each class."""
    counts = class_facts().counts
    sizes = [f"{total:,} {title.lower()}" for total, title in zip(counts.sum(axis=1), SPLITS.values(), strict=True)]
    return f"{', '.join(sizes[:-1])} and {sizes[-1]} images"


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
    title = escape(name)
    strip = f'<div><img src="{image_source(_join(samples))}" alt="{len(samples)} images of class {title}"></div>'
    return f'<span>{title}</span><img src="{image_source(mean)}" alt="Mean of class {title}">{strip}'


def _join(images: np.ndarray) -> np.ndarray:
    """Lay images (n, 28, 28) side by side with a little space, uint8 (56, width), each pixel four."""
    large = images.repeat(2, axis=1).repeat(2, axis=2)
    return np.hstack([np.pad(image, ((0, 0), (0, _GAP))) for image in large])[:, :-_GAP]
