// Turn a line drawing into a filled garment, as fmnist/inference/sketch.py does it.
import { longestEdge, mapPlane, median, pick, quantile, remember, sum } from "./arrays.js"
import { foreground } from "./background.js"
import { closeGaps, darkest, depthOf, discArea, discRows, fill, growByDisc, lightest, shrinkByDisc, square } from "./morphology.js"
import { NARROW, closeOutline, strokeWidth } from "./outline.js"
import { keepPieces } from "./pieces.js"
import { grey, lift, negative } from "./tone.js"

const CLOTH = 190
const LINE = 120
const RIM = 0.05
const THIN = 0.03
const THICK = 0.09
const JOINT = 2.5
const MOSTLY = 0.8
const HAIR = 4
const EDGE = 40
const PAINTED = 0.3
const BARE = 0.6
const MIN_STROKE = 1 / 40

// Whether a picture consists of equally dark strokes on a light background that stays mostly bare.
export const looksDrawn = remember((pixels, background) => {
  const ink = foreground(pixels, background)
  if (!ink.data.includes(1) || background.level < 128) return false
  if (looksOutlined(pixels, ink)) return true
  const painted = solid(ink)
  const lines = mapPlane(ink, (set, i) => (set && !painted.data[i] ? 1 : 0))
  const bare = isBare(ink)
  if (!lines.data.includes(1) || !(bare || sum(lines.data) > MOSTLY * sum(ink.data))) return false
  if (strokeWidth(lines) < HAIR && bare) return true
  const dark = pick(lightest(negative(pixels, lines), square(5)).data, lines.data)
  const limit = 0.7 * quantile(dark, 0.9)
  return dark.filter((level) => level > limit).length / dark.length > MOSTLY
})

// Whether an item is painted and has an outline in strokes darker than the paint.
function looksOutlined(pixels, ink) {
  const strokes = strokesOnPaint(pixels, ink)
  if (!strokes.data.includes(1)) return false
  const near = lightest(strokes, square(7))
  const paint = mapPlane(ink, (set, i) => (set && !near.data[i] ? 1 : 0))
  const body = fill(ink)
  if (sum(paint.data) < PAINTED * sum(body.data)) return false
  const level = grey(pixels).data
  const depths = depthOf(body)
  const rim = pick(near.data, body.data.map((set, i) => (set && depths[i] <= 2 ? 1 : 0)))
  const darker = median(pick(level, strokes.data)) < median(pick(level, paint.data)) - EDGE
  return darker && sum(rim) / rim.length > MOSTLY
}

// Thin lines that are darker than both of their sides.
const strokesOnPaint = remember((pixels, ink) => {
  const level = grey(pixels)
  const disc = discRows(THIN * longestEdge(ink))
  const without = darkest(lightest(level, disc), disc)
  return mapPlane(ink, (set, i) => (set && without.data[i] - level.data[i] > EDGE ? 1 : 0))
})

export function cutOutSketch(pixels, background) {
  const drawn = foreground(pixels, background)
  const ink = thicken(drawn)
  const body = fill(closeOutline(ink))
  const strokes = strokesOnPaint(pixels, drawn)
  const wide = solid(drawn)
  const painted = mapPlane(wide, (set, i) => (set && !strokes.data[i] ? 1 : 0))
  const paint = lift(negative(pixels, painted), painted)
  const cloth = sum(painted.data) > PAINTED * sum(body.data) ? median(pick(paint.data, painted.data)) : CLOTH
  const width = strokeWidth(mapPlane(ink, (set, i) => (set && !painted.data[i] ? 1 : 0)))
  const inside = inner(body, width)
  const tone = mapPlane(body, (set, i) => {
    if (painted.data[i]) return paint.data[i]
    return ink.data[i] && inside[i] ? (cloth * LINE) / CLOTH : set * cloth
  })
  return { tone, mask: body, warnings: [], sharpness: 0 }
}

// Whether much of the area that a drawing encloses has no ink.
const isBare = remember((ink) => {
  return sum(ink.data) < BARE * sum(fill(closeGaps(ink, NARROW.at(-1) * longestEdge(ink))).data)
})

// What is painted, as opposed to lines, including lines drawn with a thick brush.
const solid = remember((ink) => {
  const painted = open(ink, THIN)
  return sum(painted.data) > MOSTLY * sum(ink.data) && isBare(ink) ? open(ink, THICK) : painted
})

// Remove pieces narrower than a disc, and joints of strokes.
function open(ink, share) {
  const radius = share * longestEdge(ink)
  const wide = growByDisc(shrinkByDisc(ink, radius), radius)
  return keepPieces(wide, ({ area }) => area > JOINT * discArea(radius))
}

// Widen strokes that would vanish at 28 pixels.
function thicken(ink) {
  const missing = MIN_STROKE * longestEdge(ink) - strokeWidth(ink)
  return missing < 1 ? ink : growByDisc(ink, missing / 2)
}

// The part of a body inside its rim, which is wide enough to contain an outline of such a width.
function inner(body, width) {
  const rim = Math.max(RIM * longestEdge(body), 1.25 * width)
  return depthOf(body).map((depth) => (depth > rim ? 1 : 0))
}
