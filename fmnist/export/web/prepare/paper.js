// Clean a drawing on paper, as fmnist/inference/paper.py does it: even out its light, and remove printed lines.
import { clip, eachChannel, largest, mapPlane, mean, median, pick, plane, quantile, round } from "./arrays.js"
import { blur, medianOfNine } from "./blur.js"
import { darkest, lightest, square } from "./morphology.js"
import { findRegularLines } from "./regular_lines.js"
import { resizeLinearly, shrink } from "./resize.js"
import { grey, greyOf } from "./tone.js"

const FINE = 0.08
const SMOOTH = 10
const ROUGH = 0.03
const BRIGHT = 70
const FAINT = 14
const NOISES = 4
const STEEPEST = 6
const EDGE = 4
const HALF = 2.5
const CORE = 0.75
const DARKER = 1.25
const SLOPES = Array.from({ length: 4 * STEEPEST + 1 }, (_, i) => Math.tan(((i / 2 - STEEPEST) * Math.PI) / 180))

// A drawing in its own colours on white, without printed lines, or null if it is on no such paper.
export function cleanPaper(pixels) {
  const paper = findPaper(pixels)
  if (!paper) return null
  const flat = Float32Array.from(pixels.data, (level, i) => clip(level * (255 / Math.max(paper.data[i], 1))))
  const darkness = plane(pixels.width, pixels.height, Float32Array)
  for (let i = 0; i < darkness.data.length; i++) {
    darkness.data[i] = 255 - greyOf(...[0, 1, 2].map((channel) => Math.floor(flat[3 * i + channel])))
  }
  const kept = removePrint(darkness)
  if (!kept.data.includes(1)) return null
  const gain = 255 / Math.max(quantile(pick(darkness.data, kept.data), 0.9), 1)
  const cleaned = (level, i) => (kept.data[Math.floor(i / 3)] ? Math.floor(clip(255 - (255 - level) * gain)) : 255)
  return { ...pixels, data: Uint8Array.from(flat, cleaned) }
}

// The light on bare paper, or null if anything but strokes lies on it.
function findPaper(pixels) {
  const small = shrink(pixels, 160)
  const reach = 2 * round((FINE * Math.max(small.height, small.width)) / 2) + 1
  const closed = eachChannel(small, (part) => darkest(lightest(medianOfNine(part), square(reach)), square(reach)))
  const smooth = eachChannel(closed, (part) => blur(part, reach / 2))
  const off = (i) => largest([0, 1, 2].map((channel) => Math.abs(closed.data[3 * i + channel] - smooth.data[3 * i + channel])))
  const rough = Array.from({ length: small.width * small.height }, (_, i) => (off(i) > SMOOTH ? 1 : 0))
  const dark = grey(smooth).data.some((level) => level < BRIGHT)
  return mean(rough) > ROUGH || dark ? null : resizeLinearly(smooth, pixels.height, pixels.width)
}

function removePrint(darkness) {
  const middle = median(darkness.data)
  const noise = median(darkness.data.map((level) => Math.abs(level - middle))) * 1.4826
  const limit = Math.max(FAINT, NOISES * noise)
  const ink = mapPlane(darkness, (level) => (level > limit ? 1 : 0))
  const upright = removeLines(ink, darkness)
  return transpose(removeLines(transpose(upright), transpose(darkness)))
}

function transpose({ width, height, data }) {
  const turned = plane(height, width, data.constructor)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) turned.data[x * height + y] = data[y * width + x]
  return turned
}

// Remove straight lines that cross the picture at regular distances. Strokes stay where they cross a line.
function removeLines(ink, darkness) {
  const set = [...ink.data.keys()].filter((i) => ink.data[i])
  if (!set.length) return ink
  const levels = levelsAlongLines(set, ink)
  const lines = findRegularLines(countEach(levels).map((count) => count / ink.width))
  if (!lines) return ink
  const off = levels.map((level) => lines[level])
  const limit = DARKER * median(set.filter((_, k) => off[k] <= CORE).map((i) => darkness.data[i]))
  const kept = mapPlane(ink, (one) => one)
  set.forEach((i, k) => {
    if (off[k] <= HALF && darkness.data[i] < limit) kept.data[i] = 0
  })
  const reach = round(HALF) + 1
  const tall = Array.from({ length: 2 * reach + 1 }, (_, i) => ({ dy: i - reach, half: 0 }))
  const bridged = darkest(lightest(kept, tall), tall)
  return mapPlane(ink, (one, i) => {
    const row = Math.floor(i / ink.width)
    const inner = row >= EDGE && row < ink.height - EDGE
    return inner && (kept.data[i] || (bridged.data[i] && one)) ? 1 : 0
  })
}

// Each set pixel's row after the shear that gathers the ink in the fewest rows.
function levelsAlongLines(set, { width }) {
  const margin = Math.ceil((SLOPES.at(-1) * width) / 2) + 1
  let [best, most] = [null, -1]
  for (const slope of SLOPES) {
    const levels = set.map((i) => round(Math.floor(i / width) - slope * ((i % width) - width / 2)) + margin)
    const gathered = countEach(levels).reduce((all, count) => all + count ** 2, 0)
    if (gathered > most) [best, most] = [levels, gathered]
  }
  return best
}

function countEach(levels) {
  const counts = Array(largest(levels) + 1).fill(0)
  for (const level of levels) counts[level]++
  return counts
}
