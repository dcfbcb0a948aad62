// Fit an item into the frame of the dataset, as fmnist/inference/frame.py does it.
import { boundsOf, clip, crop, plane, round } from "./arrays.js"
import { blur } from "./blur.js"
import { resize, resizeLinearly } from "./resize.js"

export const SIDE = 28
export const SHARPNESS = 0.5

// Trim, scale, sharpen and centre; returns 28×28.
export function frame({ tone, mask, sharpness }) {
  const scaled = scale(crop(tone, boundsOf(mask)))
  return centre(sharpness ? sharpen(scaled, sharpness) : scaled)
}

function scale(tone) {
  const factor = SIDE / Math.max(tone.height, tone.width)
  return resize(tone, Math.max(1, round(tone.height * factor)), Math.max(1, round(tone.width * factor)))
}

// Sample the centres of a 28×28 grid, which reverses an enlargement exactly.
export function subsample(tone) {
  return resizeLinearly(tone, SIDE, SIDE)
}

function sharpen(tone, amount) {
  const blurred = blur(tone, 1, { black: true })
  const sharp = (level, i) => (level ? round(clip(level + amount * (level - blurred.data[i]))) : 0)
  return { ...tone, data: tone.data.map(sharp) }
}

function centre(tone) {
  const [top, left] = [(SIDE - tone.height + 1) >> 1, (SIDE - tone.width + 1) >> 1]
  const canvas = plane(SIDE, SIDE)
  for (let y = 0; y < tone.height; y++) {
    canvas.data.set(tone.data.subarray(y * tone.width, (y + 1) * tone.width), (top + y) * SIDE + left)
  }
  return canvas
}
