"""Classify pictures of one garment each on a plain background: `python predict.py PICTURE…`."""

import sys
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image, ImageFilter, ImageOps

FILE, TEMPERATURE, MIRRORED = "model.tflite", 1.0, False
CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")


def prepare(path: str) -> np.ndarray:
    """Return a picture as a 28×28 image like those of Fashion-MNIST: the garment light on black, uint8."""
    rgba = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    picture.thumbnail((320, 320), Image.Resampling.BOX)
    pixels, grey = np.asarray(picture, np.float32), np.asarray(picture.convert("L"), np.float32)
    colour = np.median(border := np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]), axis=0)
    ground, even = float(colour @ [0.299, 0.587, 0.114]), np.median(np.abs(border - colour).max(axis=1)) <= 2
    mask = np.abs(pixels - colour).max(axis=2) > (5 if even else 13)
    rows, columns = (np.flatnonzero(mask.sum(axis=axis) > 1) for axis in (1, 0))
    if not (len(rows) and len(columns)):
        sys.exit(f"{path}: no item found. Use a picture with a plain background.")
    darker = bool((ground - grey)[mask].sum() >= 0)  # an item on a dark background is light already
    tone = (ground - grey) * 255 / max(ground, 1) if darker else (grey - ground) * 255 / max(255 - ground, 1)
    gain = min(max(150 / max(np.quantile(tone[mask], 0.9), 1), 1), 4) if darker else 1
    tone = np.where(mask, tone * gain, 0)[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].clip(0, 255)
    cut = Image.fromarray(tone.round().astype(np.uint8))
    image = ImageOps.pad(cut, (28, 28), Image.Resampling.BOX, centering=(0.51, 0.51))
    return np.where(np.asarray(image) > 0, np.asarray(image.filter(ImageFilter.UnsharpMask(1, 50 * darker, 0))), 0)


if __name__ == "__main__":
    run = Interpreter(str(Path(__file__).with_name(FILE)), num_threads=1).get_signature_runner()
    for name in sys.argv[1:] or sys.exit(__doc__):
        ways = np.stack([(image := prepare(name)), image[:, ::-1]])[: 1 + MIRRORED, ..., None] / np.float32(255)
        probs = run(**dict.fromkeys(run.get_input_details(), ways))["output_0"].mean(axis=0)
        print(f"{name}: {CLASSES[probs.argmax()]} {1 / ((probs / probs.max()) ** (1 / TEMPERATURE)).sum():.1%}")
