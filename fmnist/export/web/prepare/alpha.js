// Use a picture's alpha channel as the item's outline, as fmnist/inference/alpha.py does it.
import { boundsOf, mapPlane, pick, quantile, sum } from "./arrays.js"
import { foreground } from "./background.js"
import { SHARPNESS } from "./frame.js"
import { fill } from "./morphology.js"
import { DIM, MOST_LIFT, grey, lift, negative } from "./tone.js"

const [CLEAR, SOLID] = [32, 223]
const SOFT = 0.15
const LEAST_CLEAR = 0.05
const OPEN = 0.25
const BOX = 0.92
const LOST = 0.05

// The item that an alpha channel cuts out, or null.
export function findItem(alpha) {
  const mask = mapPlane(alpha, (level) => (level > 127 ? 1 : 0))
  const box = boundsOf(mask)
  if (!box) return null
  const { width, height, data } = alpha
  const share = (test) => data.reduce((count, level) => count + test(level), 0) / data.length
  const border = data.filter((_, i) => i < width || i >= width * (height - 1) || i % width === 0 || i % width === width - 1)
  const open = border.reduce((count, level) => count + (level < CLEAR), 0) / border.length
  const plain = share((level) => level < CLEAR) >= LEAST_CLEAR && open >= OPEN
  const crisp = share((level) => level >= CLEAR && level <= SOLID) <= SOFT
  const area = (box.bottom - box.top) * (box.right - box.left)
  return plain && crisp && sum(mask.data) < BOX * area ? mask : null
}

export function isLostOnWhite(mask, pixels, background) {
  if (!background.isPlain) return true
  const seen = fill(foreground(pixels, background))
  const hidden = mask.data.reduce((count, set, i) => count + (set && !seen.data[i]), 0)
  return hidden > LOST * sum(mask.data)
}

export function strokesOf({ width, height, data }) {
  return { width, height, data: Uint8Array.from({ length: 3 * data.length }, (_, i) => (data[Math.floor(i / 3)] ? 0 : 255)) }
}

export function cutOutAlpha(pixels, mask) {
  const inverted = negative(pixels, mask)
  const light = quantile(pick(inverted.data, mask.data), 0.9) < DIM / MOST_LIFT
  const tone = light ? mapPlane(grey(pixels), (level, i) => (mask.data[i] ? level : 0)) : lift(inverted, mask)
  return { tone, mask, warnings: [], sharpness: SHARPNESS }
}
