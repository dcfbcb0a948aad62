"""Some test images: a gallery in pages, whose images open over the page."""

from collections.abc import Callable

import streamlit as st

from fmnist.dataset import Dataset
from fmnist.ui.gallery import Tile, choose_page, show_gallery
from fmnist.ui.image_detail import open_image
from fmnist.views.judged import Judged
from fmnist.views.mistakes import Images


def browse_images(
    judged: Judged, dataset: Dataset, images: Images, key: str, describe: Callable[[int], str] | None = None
) -> None:
    """Show images with what one of the models says of each; `describe` adds a note to an image by its position."""
    positions, model = images.positions, images.model
    if not len(positions):
        st.info("No images match these filters.", icon=":material/filter_alt_off:")
        return
    judgement = judged.judgement
    tiles = [
        Tile(
            index,
            dataset.test_images[index],
            int(judgement.labels[index]),
            int(judgement.predicted[model, index]),
            float(judgement.confidence[model, index]),
            describe(index) if describe else "",
        )
        for index in positions[choose_page(positions, key)].tolist()
    ]
    show_gallery(tiles, f"{key}_tiles", f"Test images with the predictions of {judged.names[model]}", open_image)
