// From a picture's colours to the grey levels of the dataset, as fmnist/inference/tone.py does it.
import { clip, mapPlane, pick, plane, remember, round } from "./arrays.js"

export const DIM = 150
export const MOST_LIFT = 4

export function greyOf(red, green, blue) {
  return Math.floor((299 * red + 587 * green + 114 * blue + 500) / 1000)
}

export const grey = remember(({ width, height, data }) => {
  const levels = plane(width, height)
  for (let i = 0; i < levels.data.length; i++) levels.data[i] = greyOf(data[3 * i], data[3 * i + 1], data[3 * i + 2])
  return levels
})

export function negative(pixels, mask) {
  const levels = grey(pixels)
  return mapPlane(levels, (level, i) => (mask.data[i] ? 255 - level : 0))
}

// Brighten an item that is dimmer than almost every item of the dataset.
export function lift(tone, mask) {
  const tones = Uint8Array.from(pick(tone.data, mask.data)).toSorted()
  const bright = tones.length ? tones[Math.floor(0.9 * (tones.length - 1))] : 0
  const gain = Math.min(Math.max(DIM / Math.max(bright, 1), 1), MOST_LIFT)
  return mapPlane(tone, (level) => round(clip(level * gain)))
}
