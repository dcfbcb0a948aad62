"""The training images that are most like a picture, in the eyes of the network that says so."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.dataset import CLASS_NAMES, DataUnavailableError
from fmnist.inference.frame import Step
from fmnist.ui import store
from fmnist.ui.markup import plain
from fmnist.ui.pictures import steps_html
from fmnist.ui.predict.answers import Answer, from_small_image

N_NEAREST = 8


def show_nearest(image: NDArray[np.uint8], answers: Sequence[Answer]) -> None:
    """Show the training images nearest to an image, uint8 (28, 28), for the first model that can tell.

    Nothing is shown where nobody was asked, because there was nothing in the picture.
    """
    if not answers:
        return
    asked = [answer.contender for answer in from_small_image(answers)]
    readers = ((contender, store.reader(contender)) for contender in asked)
    able = next(((contender, reader) for contender, reader in readers if reader.reference), None)
    if able is None:
        st.info("Add a model trained with the robust recipe to see similar training images.")
        return
    try:
        dataset = store.dataset()
    except DataUnavailableError as error:
        st.info(plain(str(error)), icon=":material/download:")
        return
    contender, reader = able
    steps = [
        Step(CLASS_NAMES[dataset.train_labels[i]], f"Training image {i:,}", dataset.train_images[i])
        for i in reader.find_nearest(image, N_NEAREST)
    ]
    st.html(steps_html(steps))
    sample = len(reader.reference.indices) if reader.reference else 0
    st.caption(
        f"Training images that {contender.short_title} finds most similar, chosen from a sample of {sample:,} and "
        "shown in their original form."
    )
