// Close the outline of a drawing with as little change as possible, as fmnist/inference/sketch.py does it.
import { longestEdge, mapPlane, median, pick, sum } from "./arrays.js"
import { closeGaps, depthOf, discRows, fill } from "./morphology.js"
import { findPieces } from "./pieces.js"

const FULL = 0.5
export const NARROW = [0, 0.03, 0.06]
const WIDE = [0.12, 0.2, 0.3]
const LONGEST_BRIDGE = 0.7
const HALF_LINE = 1.2 // pixels, for lines as wide as OpenCV's of two

export function closeOutline(ink) {
  const size = longestEdge(ink)
  const enough = FULL * hullArea(ink)
  const encloses = (barrier) => sum(fill(barrier).data) >= enough
  let barrier = ink
  for (const gap of NARROW) {
    barrier = closeGaps(ink, gap * size)
    if (encloses(barrier)) return barrier
  }
  barrier = joinEnds(barrier, LONGEST_BRIDGE * size, encloses)
  for (const gap of WIDE) {
    if (encloses(barrier)) break
    barrier = closeGaps(barrier, gap * size)
  }
  return barrier
}

export function strokeWidth(ink) {
  const depths = pick(depthOf(ink), ink.data)
  return depths.length ? (4 * sum(depths)) / depths.length : 0
}

// Draw lines between loose ends, nearest first, until the outline encloses enough.
function joinEnds(ink, longest, encloses) {
  const barrier = mapPlane(ink, (set) => set)
  for (const [start, end] of bridges(looseEnds(ink), longest)) {
    drawLine(barrier, start, end)
    if (encloses(barrier)) break
  }
  return barrier
}

// The ends of strokes: a disc around an end has little more than half the usual ink.
function looseEnds(ink) {
  const width = strokeWidth(ink)
  const depths = depthOf(ink)
  const core = mapPlane(ink, (_, i) => (depths[i] > 0.2 * width ? 1 : 0))
  const held = countInDiscs(ink, 2.2 * width)
  const usual = median(pick(held, core.data))
  const ends = mapPlane(core, (set, i) => (set && held[i] < 0.7 * usual ? 1 : 0))
  const { labels, pieces } = findPieces(ends)
  const best = pieces.map(() => -1)
  labels.forEach((label, i) => {
    if (label && (best[label - 1] < 0 || held[i] < held[best[label - 1]])) best[label - 1] = i
  })
  return best.map((i) => [i % ink.width, Math.floor(i / ink.width)])
}

// How many pixels of a mask lie within a disc around each pixel.
function countInDiscs({ width, height, data }, radius) {
  const before = new Int32Array((width + 1) * height) // in each row, how many are set before a pixel
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) before[y * (width + 1) + x + 1] = before[y * (width + 1) + x] + data[y * width + x]
  }
  const counts = new Float64Array(data.length)
  for (const { dy, half } of discRows(radius)) {
    for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
      const row = (y + dy) * (width + 1)
      for (let x = 0; x < width; x++) {
        counts[y * width + x] += before[row + Math.min(width, x + half + 1)] - before[row + Math.max(0, x - half)]
      }
    }
  }
  return counts
}

// Pair loose ends, shortest distance first, each end once.
function bridges(ends, longest) {
  const near = []
  for (let i = 0; i < ends.length; i++) {
    for (let j = i + 1; j < ends.length; j++) {
      const distance = Math.hypot(ends[i][0] - ends[j][0], ends[i][1] - ends[j][1])
      if (distance <= longest) near.push({ distance, i, j })
    }
  }
  const free = new Set(ends.keys())
  const pairs = []
  for (const { i, j } of near.toSorted((a, b) => a.distance - b.distance)) {
    if (!free.has(i) || !free.has(j)) continue
    free.delete(i)
    free.delete(j)
    pairs.push([ends[i], ends[j]])
  }
  return pairs
}

function drawLine({ width, height, data }, [x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0]
  const length = dx ** 2 + dy ** 2
  for (let y = Math.max(0, Math.min(y0, y1) - 2); y <= Math.min(height - 1, Math.max(y0, y1) + 2); y++) {
    for (let x = Math.max(0, Math.min(x0, x1) - 2); x <= Math.min(width - 1, Math.max(x0, x1) + 2); x++) {
      const along = length ? Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / length, 0), 1) : 0
      if (Math.hypot(x - x0 - along * dx, y - y0 - along * dy) <= HALF_LINE) data[y * width + x] = 1
    }
  }
}

// The area of the convex hull of a mask. Source: Andrew's monotone chain.
export function hullArea({ width, height, data }) {
  const points = []
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width)
    const first = row.indexOf(1)
    if (first >= 0) points.push([first, y], [row.lastIndexOf(1), y])
  }
  const hull = [...chain(points), ...chain(points.toReversed())]
  const twice = hull.reduce((all, [x, y], i) => {
    const [nextX, nextY] = hull[(i + 1) % hull.length]
    return all + x * nextY - nextX * y
  }, 0)
  return Math.abs(twice) / 2
}

function chain(points) {
  const kept = []
  for (const point of points) {
    while (kept.length > 1 && turn(kept.at(-2), kept.at(-1), point) <= 0) kept.pop()
    kept.push(point)
  }
  return kept.slice(0, -1)
}

function turn([ax, ay], [bx, by], [cx, cy]) {
  return (by - ay) * (cx - ax) - (bx - ax) * (cy - ay)
}
