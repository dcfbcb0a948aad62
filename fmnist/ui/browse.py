"""The images at some positions of the test set: a gallery in pages, whose images open over the page."""

import numpy as np
import streamlit as st

from fmnist.dataset import Dataset
from fmnist.evaluation.mistakes import SortKey, values_by
from fmnist.ui.gallery import Tile, choose_page, show_gallery
from fmnist.ui.image_detail import open_image
from fmnist.ui.judged import Judged

# what a tile says of the quantity that the images are ordered by; of the confidence it speaks by itself
_NOTES: dict[SortKey, str] = {
    "loss": "loss {:.2f}",
    "margin": "margin {:+.2f}",
    "disagreement": "disagree {:.2f}",
    "support": "label {:.1%}",
}


def browse_images(
    judged: Judged, dataset: Dataset, positions: np.ndarray, model: int, key: str, sort: SortKey = "confidence"
) -> None:
    """Show the images at positions (n,), in this order, with what one of the models says of each."""
    if not len(positions):
        st.info("No image is like this.", icon=":material/filter_alt_off:")
        return
    judgement, values = judged.judgement, values_by(judged.judgement, sort, model)
    tiles = [
        Tile(
            index,
            dataset.test_images[index],
            int(judgement.labels[index]),
            int(judgement.predicted[model, index]),
            float(judgement.confidence[model, index]),
            _NOTES.get(sort, "").format(values[index]).replace("%", " %").replace("-", "−"),
        )
        for index in positions[choose_page(positions, key)].tolist()
    ]
    show_gallery(tiles, f"{key}_tiles", f"Test images with the predictions of {judged.names[model]}", open_image)
