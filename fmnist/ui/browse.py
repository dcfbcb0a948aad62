"""The images at some positions of the test set: a gallery in pages, whose images open over the page."""

import numpy as np
import streamlit as st

from fmnist.dataset import Dataset
from fmnist.ui.gallery import Tile, choose_page, show_gallery
from fmnist.ui.image_detail import open_image
from fmnist.ui.judged import Judged


def browse_images(judged: Judged, dataset: Dataset, positions: np.ndarray, model: int, key: str) -> None:
    """Show the images at positions (n,), in this order, with what one of the models says of each."""
    if not len(positions):
        st.info("No image is like this.", icon=":material/filter_alt_off:")
        return
    judgement = judged.judgement
    tiles = [
        Tile(
            index,
            dataset.test_images[index],
            int(judgement.labels[index]),
            int(judgement.predicted[model, index]),
            float(judgement.confidence[model, index]),
        )
        for index in positions[choose_page(positions, key)].tolist()
    ]
    show_gallery(tiles, f"{key}_tiles", f"Test images with the predictions of {judged.names[model]}", open_image)
