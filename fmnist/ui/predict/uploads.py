"""Uploaded files: read once, and held as the bytes that came, which are fewer than their pixels; both are bounded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from fmnist.inference.picture import Picture, PictureError, load_picture
from fmnist.ui.internals import MOST_BYTES, MOST_FILES, REFUSED
from fmnist.ui.markup import plain

_READ = "uploads_read"


@dataclass(frozen=True, eq=False)
class Upload:
    """A file by its name, its bytes and their digest; `problem` says why it is no picture, if it is none."""

    name: str
    data: bytes = field(repr=False)
    digest: str
    problem: str = ""

    def decode(self) -> Picture:
        """Return the picture; only the last few of all sessions are held."""
        return _decode(self.digest, self.data)


def read_uploads(files: Sequence[UploadedFile], widget: str) -> list[Upload]:
    """Return the files that are pictures; of the others it is said why they are not read.

    Args:
        files: what the widget holds.
        widget: its key, under which the session remembers what was read.
    """
    refused = [file for file in files if file.type == REFUSED]
    if refused:
        st.warning(
            f"Only {len(files) - len(refused)} of {len(files)} files were read: {MOST_FILES} files and "
            f"{MOST_BYTES // 2**20} MB are the most at a time. Remove some, then upload the rest."
        )
    key = f"{_READ}.{widget}"
    known: dict[str, Upload] = st.session_state.get(key, {})
    uploads = {file.file_id: known.get(file.file_id) or _read(file) for file in files if file.type != REFUSED}
    st.session_state[key] = uploads
    for upload in uploads.values():
        if upload.problem:
            st.error(f"**{plain(upload.name)}**: {plain(upload.problem)}", icon=":material/broken_image:")
    return [upload for upload in uploads.values() if not upload.problem]


def digest_picture(picture: Picture) -> str:
    """Return what is the same for pictures with the same pixels, transparency and warnings."""
    alpha = b"" if picture.alpha is None else picture.alpha.tobytes()
    parts = (repr((picture.pixels.shape, picture.warnings)).encode(), picture.pixels.tobytes(), alpha)
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _read(file: UploadedFile) -> Upload:
    data = file.getvalue()
    upload = Upload(file.name, data, blake2b(data, digest_size=16).hexdigest())
    try:
        upload.decode()
    except PictureError as error:
        return Upload(upload.name, b"", upload.digest, str(error))
    return upload


@st.cache_resource(max_entries=4, show_spinner=False)
def _decode(digest: str, _data: bytes) -> Picture:  # noqa: ARG001
    return load_picture(_data)
