// Recognise pictures that show no single item, as fmnist/inference/no_item.py does it.
import { sum } from "./arrays.js"
import { closeGaps, fill } from "./morphology.js"
import { findPieces, pieceAreas } from "./pieces.js"

const MANY = 8
const SMALL = 0.35
const CLOSE = 0.06
const HOLLOW = 0.15

export const NO_SINGLE_ITEM =
  "No single item found. This looks like text, a chart or many items: crop the picture to one item."

// Whether marks are many and all small, and no outline in dashes.
export function showsMany(ink) {
  const { pieces } = findPieces(ink)
  if (pieces.length < MANY) return false
  const least = (side) => pieces.reduce((low, piece) => Math.min(low, piece[side]), Infinity)
  const most = (side) => pieces.reduce((high, piece) => Math.max(high, piece[side]), 0)
  const size = Math.max(most("right") - least("left"), most("bottom") - least("top"))
  const small = pieces.every(({ top, bottom, left, right }) => Math.max(right - left, bottom - top) < SMALL * size)
  return small && !encloses(ink, size)
}

function encloses(ink, size) {
  const closed = closeGaps(ink, CLOSE * size)
  const filled = fill(closed)
  const bare = pieceAreas({ ...filled, data: filled.data.map((set, i) => (set && !closed.data[i] ? 1 : 0)) })
  return bare.length > 0 && bare[0] > HOLLOW * sum(filled.data)
}
