// Cut an item out of a photo with a busy background, as fmnist/inference/photo.py does it.
import { eachChannel, mapPlane, mean, plane, round } from "./arrays.js"
import { blur } from "./blur.js"
import { SHARPNESS } from "./frame.js"
import { grabCut } from "./grab_cut.js"
import { Randoms, groupPoints, squared } from "./k_means.js"
import { toLab } from "./lab.js"
import { darkest, lightest, square } from "./morphology.js"
import { findPieces, keepPieces } from "./pieces.js"
import { shrink } from "./resize.js"
import { lift, negative } from "./tone.js"

const LONGEST = 128
const RING = 0.04
const COLOURS = 4
const ROUNDS = 3
const PLAUSIBLE = [0.04, 0.85]

const UNCLEAR = "The item could not be told from its surroundings: put it on a plain background of another colour."

export function cutOutPhoto(pixels) {
  const small = shrink(pixels, LONGEST)
  const radius = radiusOf(small)
  const middle = mapPlane(radius, (one) => (one < 0.8 ? 1 : 0))
  const mask = refine(small, guessItem(small, radius), radius) ?? refine(small, middle, radius) // where colour fails
  const shown = mask ?? middle
  const tone = lift(negative(small, shown), shown)
  return { tone, mask: shown, warnings: isPlausible(shown) ? [] : [UNCLEAR], sharpness: SHARPNESS }
}

// The item as GrabCut finds it from a guess, or null if it has no plausible size.
function refine(pixels, guess, radius) {
  const sure = corners(radius)
  if (!guess.data.some((set, i) => set && !sure[i])) return null
  const mask = dropCrumbs(grabCut(pixels, guess, sure, ROUNDS))
  return isPlausible(mask) ? mask : null
}

// Guess the item from its difference to the colours of the corners, weighted towards the middle.
function guessItem(pixels, radius) {
  const smooth = eachChannel(pixels, (part) => blur(part, 1)).data
  const colours = Array.from({ length: radius.data.length }, (_, i) => {
    const [light, a, b] = toLab(smooth[3 * i], smooth[3 * i + 1], smooth[3 * i + 2])
    return [Math.fround(light * 0.7), a, b]
  })
  const edge = corners(radius)
  const known = colours.filter((_, i) => edge[i])
  const count = Math.min(COLOURS, known.length)
  const { centres } = groupPoints(known, count, new Randoms(), { rounds: 10, epsilon: 1 })
  const off = (colour) => Math.sqrt(Math.min(...centres.map((centre) => squared(colour, centre))))
  const scores = colours.map((colour, i) => off(colour) * Math.exp(-((radius.data[i] / 0.9) ** 2)))
  const gain = 255 / scores.reduce((most, score) => Math.max(most, score), 1)
  const levels = Uint8Array.from(scores, (score) => score * gain)
  const limit = otsu(levels)
  return mapPlane(radius, (one, i) => (levels[i] > limit || one < 0.2 ? 1 : 0))
}

// The level that separates dark from light. Source: Otsu (1979).
function otsu(levels) {
  const shares = Array(256).fill(0)
  for (const level of levels) shares[level] += 1 / levels.length
  const all = mean(levels)
  let [share, below, most, limit] = [0, 0, 0, 0]
  shares.forEach((one, level) => {
    share += one
    below += one * level
    if (Math.min(share, 1 - share) < 2 ** -23) return
    const spread = share * (1 - share) * (below / share - (all - below) / (1 - share)) ** 2
    if (spread > most) [most, limit] = [spread, level]
  })
  return limit
}

// Remove threads, and pieces much smaller than the largest one.
function dropCrumbs(mask) {
  const opened = lightest(darkest(mask, square(3)), square(3))
  const most = findPieces(opened).pieces.reduce((area, piece) => Math.max(area, piece.area), 0)
  return keepPieces(opened, ({ area }) => area >= 0.2 * most)
}

// The border of a picture without the middles of its edges, which a large item may touch.
function corners({ width, height, data }) {
  const thickness = Math.max(2, round(RING * Math.min(height, width)))
  return Uint8Array.from(data, (radius, i) => {
    const [x, y] = [i % width, Math.floor(i / width)]
    const inner = x >= thickness && x < width - thickness && y >= thickness && y < height - thickness
    return !inner && radius > 1.1 ? 1 : 0
  })
}

// The distance of each pixel from the middle, which is 1 at the middle of each edge.
function radiusOf({ width, height }) {
  const radius = plane(width, height, Float64Array)
  const place = (i, size) => (size > 1 ? (2 * i) / (size - 1) - 1 : -1)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) radius.data[y * width + x] = Math.hypot(place(x, width), place(y, height))
  }
  return radius
}

function isPlausible(mask) {
  const share = mean(mask.data)
  return PLAUSIBLE[0] <= share && share <= PLAUSIBLE[1]
}
