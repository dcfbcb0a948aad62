"""Pictures that are small as files and large in memory: however many come at once, decoding keeps within bounds."""

import io
import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from conftest import PROJECT
from PIL import Image

from fmnist.inference.picture import MAX_DECODED, PictureError, load_picture

MOST_MB, LEFT_MB = 270, 40
MEASURE = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from PIL import Image
from fmnist.inference.picture import PictureError, load_picture

def memory(name):
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith(name)) / 1024

def read(path):
    try:
        load_picture(path.read_bytes())
        return "read"
    except PictureError:
        return "refused"

Image.init()
paths = sorted(Path(sys.argv[1]).iterdir())
idle = memory("VmRSS")
with ThreadPoolExecutor(6) as pool:
    said = list(pool.map(read, paths * 2))
print(json.dumps({"peak": memory("VmHWM") - idle, "left": memory("VmRSS") - idle, "said": said[: len(paths)]}))
"""


def png(width: int, height: int, kind: int, channels: int) -> bytes:
    """Return a sound PNG that is all black, made row by row."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packer, row = zlib.compressobj(1), bytes(1 + width * channels)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def encode(image: Image.Image, file_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, file_format, **options)
    return stream.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill a folder with the largest pictures of each kind that are read, and some that are larger."""
    largest = int((MAX_DECODED / 24) ** 0.5)
    pictures = {
        "grey.png": png(7_070, 7_070, kind=0, channels=1),
        "wide.png": png(50_000, 750, kind=2, channels=3),
        "colour.png": png(6_120, 6_120, kind=2, channels=3),
        "clear.png": png(6_120, 6_120, kind=6, channels=4),
        "lossless.webp": encode(Image.new("RGBA", (largest, largest), (9, 9, 9, 9)), "WEBP", lossless=True),
        "lossy.webp": encode(Image.new("RGB", (largest, largest), "red"), "WEBP", method=0),
        "scans.jpg": encode(Image.new("L", (7_070, 7_070)), "JPEG", progressive=True),
        "palette.gif": encode(Image.new("P", (7_070, 7_070)), "GIF"),
        "refused.webp": encode(Image.new("RGB", (7_070, 7_070)), "WEBP", method=0),
        "refused.png": png(7_070, 7_070, kind=6, channels=4),
        "refused.jpg": encode(Image.new("CMYK", (5_000, 5_000)), "JPEG", progressive=True),
    }
    folder = tmp_path_factory.mktemp("pictures")
    for name, data in pictures.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from Linux's /proc")
def test_six_at_once_take_less_than_270_megabytes_and_give_them_back(folder: Path):
    command = [sys.executable, "-c", MEASURE, str(folder)]
    measured = json.loads(subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True).stdout)
    names = sorted(path.name for path in folder.iterdir())
    refused = {name for name, said in zip(names, measured["said"], strict=True) if said == "refused"}
    assert refused == {"refused.webp", "refused.png", "refused.jpg"}
    assert measured["peak"] < MOST_MB
    assert measured["left"] < LEFT_MB


def test_a_webp_of_86_kilobytes_is_refused_by_its_header(folder: Path):
    with pytest.raises(
        PictureError, match="7070 × 7070 pixels. A WebP image may have at most 6 million. Make it smaller"
    ):
        load_picture((folder / "refused.webp").read_bytes())
