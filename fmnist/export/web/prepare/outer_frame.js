// Find the picture within a picture, as fmnist/inference/outer_frame.py does it: a box has its ends outside.
import { boundsOf, crop, mapPlane, median, round, sum } from "./arrays.js"
import { TOLERANCE, distances, findBackground, foreground } from "./background.js"
import { closeGaps, fill } from "./morphology.js"
import { hullArea } from "./outline.js"
import { findPieces, pieceAreas } from "./pieces.js"

const SMALLEST = 64
const FULL = 0.95
const LEAST = 0.15
const LINE = 0.1
const MARGIN = 0.02
const TICKS = 0.02
const LABELS = 4
const ITEM = 0.02
const CURVE = 0.35
const DEEPEST = 3

const area = ({ top, bottom, left, right }) => (bottom - top) * (right - left)

function shift(box, { top, left }) {
  return { ...box, top: box.top + top, bottom: box.bottom + top, left: box.left + left, right: box.right + left }
}

// Where the picture lies within its frames, or null without a frame.
export function findInnerPicture(pixels) {
  let found = null
  for (let depth = 0; depth < DEEPEST; depth++) {
    const inner = stepInside(found ? crop(pixels, found) : pixels)
    if (!inner) break
    found = found ? shift(inner, found) : inner
    if (found.chart) break
  }
  return found
}

// A box in a copy of the picture that is so many times as large.
export function enlarge({ top, bottom, left, right }, factor, { width, height }) {
  return {
    top: Math.ceil(top * factor),
    bottom: Math.min(height, Math.floor(bottom * factor)),
    left: Math.ceil(left * factor),
    right: Math.min(width, Math.floor(right * factor)),
  }
}

function stepInside(pixels) {
  const colour = colourOfCorners(pixels)
  if (Math.min(pixels.height, pixels.width) < SMALLEST || !colour) return null
  const marks = mapPlane(distances(pixels, colour), (distance) => (distance > TOLERANCE ? 1 : 0))
  const box = findRectangle(marks)
  if (!box || !isFrame(box, pixels)) return null
  const inner = inset(box)
  const inside = crop(pixels, inner)
  if (!isOutline(inside, colour)) return hasContent(inside) ? inner : null
  return countLabels(marks, box) < LABELS ? null : { ...inner, chart: isChart(inside) }
}

function colourOfCorners({ width, height, data }) {
  const starts = [0, width - 1, (height - 1) * width, height * width - 1]
  const corners = starts.map((i) => Array.from(data.subarray(3 * i, 3 * i + 3)))
  const colour = [0, 1, 2].map((channel) => Math.floor(median(corners.map((corner) => corner[channel]))))
  const alike = corners.every((corner) => corner.every((level, channel) => Math.abs(level - colour[channel]) <= TOLERANCE))
  return alike ? colour : null
}

// The rectangle between the outermost straight edges of the widest piece, if little sticks out of it.
function findRectangle(marks) {
  const { labels, pieces } = findPieces(marks)
  if (!pieces.length) return null
  const areas = pieces.map(area)
  const largest = areas.indexOf(areas.reduce((most, one) => Math.max(most, one), 0))
  const outer = pieces[largest]
  const piece = crop(mapPlane(marks, (_, i) => (labels[i] === largest + 1 ? 1 : 0)), outer)
  let box = { top: 0, bottom: piece.height, left: 0, right: piece.width }
  for (const share of [0.8, FULL]) {
    const rows = straightRows(piece, { ...box, top: 0, bottom: piece.height }, share)
    const columns = rows.length ? straightColumns(piece, rows, share) : []
    if (rows.length < 2 || columns.length < 2) return null
    box = { top: rows[0], bottom: rows.at(-1) + 1, left: columns[0], right: columns.at(-1) + 1 }
  }
  const out = sum(piece.data) - sum(crop(piece, box).data)
  return out <= TICKS * area(box) ? shift(box, outer) : null
}

function straightRows(piece, { left, right }, share) {
  const covered = (y) => sum(piece.data.subarray(y * piece.width + left, y * piece.width + right)) / (right - left)
  return [...Array(piece.height).keys()].filter((y) => covered(y) >= share)
}

function straightColumns(piece, rows, share) {
  const [top, bottom] = [rows[0], rows.at(-1) + 1]
  const counts = new Int32Array(piece.width)
  for (let y = top; y < bottom; y++) for (let x = 0; x < piece.width; x++) counts[x] += piece.data[y * piece.width + x]
  return [...counts.keys()].filter((x) => counts[x] / (bottom - top) >= share)
}

function isFrame(box, { width, height }) {
  const upright = Math.min(box.top, height - box.bottom) >= MARGIN * height
  const across = Math.min(box.left, width - box.right) >= MARGIN * width
  return (upright || across) && area(box) >= LEAST * height * width
}

function inset(box) {
  const edge = 2 + round(0.01 * Math.min(box.bottom - box.top, box.right - box.left))
  return { top: box.top + edge, bottom: box.bottom - edge, left: box.left + edge, right: box.right - edge }
}

// Whether a rectangle is drawn in lines, however thick: inside it the colour is that of the outside.
function isOutline(inside, colour) {
  const deep = round(LINE * Math.min(inside.height, inside.width))
  const box = { top: deep, bottom: inside.height - deep, left: deep, right: inside.width - deep }
  const { width, height, data } = distances(crop(inside, box), colour)
  const ring = []
  for (let x = 0; x < width; x++) ring.push(data[x], data[(height - 1) * width + x])
  for (let y = 0; y < height; y++) ring.push(data[y * width], data[(y + 1) * width - 1])
  return ring.filter((distance) => distance <= TOLERANCE).length / ring.length > 0.5
}

function hasContent(inside) {
  const background = findBackground(inside)
  const areas = pieceAreas(foreground(inside, background))
  return !background.isPlain || (areas.length > 0 && areas[0] >= ITEM * inside.width * inside.height)
}

function countLabels(marks, { top, bottom, left, right }) {
  const { width } = marks
  const within = (x, y) => y >= top - 3 && y < bottom + 3 && x >= left - 3 && x < right + 3
  return findPieces(mapPlane(marks, (set, i) => (set && !within(i % width, Math.floor(i / width)) ? 1 : 0))).pieces.length
}

// Whether bars that stand on an axis, or curves, lie within axes.
function isChart(inside) {
  const ink = foreground(inside, findBackground(inside))
  const box = boundsOf(ink)
  if (!box || box.top === 0 || box.left === 0 || box.bottom === ink.height || box.right === ink.width) return true
  return sum(fill(closeGaps(ink, 4)).data) < CURVE * hullArea(ink)
}
