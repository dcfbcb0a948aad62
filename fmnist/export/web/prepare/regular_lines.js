// Find printed lines at equal distances, as fmnist/inference/paper.py does it.
import { median, quantile, round } from "./arrays.js"

const LONG = 0.5
const FEWEST = 4
const STRONG = 0.6
const REGULAR = 0.75
const ASTRAY = 0.15

// Each level's distance from the nearest of several lines at equal distances, or null without any; `counts` are the
// shares of the levels that are covered.
export function findRegularLines(counts) {
  const at = (values, i) => values[i] ?? 0
  const near = counts.map((count, i) => at(counts, i - 1) + count + at(counts, i + 1))
  const highest = near.map((_, i) => Math.max(...[-3, -2, -1, 0, 1, 2, 3].map((step) => at(near, i + step))))
  let peaks = [...near.keys()].filter((i) => near[i] >= LONG && near[i] === highest[i])
  peaks = peaks.filter((peak, i) => peak - (i ? peaks[i - 1] : -9) > 3)
  if (peaks.length < FEWEST) return null
  const strong = STRONG * quantile(peaks.map((peak) => near[peak]), 0.75)
  peaks = peaks.filter((peak) => near[peak] > strong)
  const comb = peaks.length >= FEWEST ? fitComb(peaks) : null
  if (!comb) return null
  const { distance, first } = comb
  const modulo = (value) => value - distance * Math.floor(value / distance)
  return counts.map((_, i) => Math.abs(modulo(i - first + distance / 2) - distance / 2))
}

// The distance and the first of the regular lines that most peaks lie on, or null if too few do.
function fitComb(peaks) {
  const gap = median(peaks.slice(1).map((peak, i) => peak - peaks[i]))
  const isOn = (off) => Math.abs(off - round(off)) < ASTRAY
  const offs = peaks.map((peak) => peaks.map((other) => (other - peak) / gap))
  const hits = offs.map((row) => row.filter(isOn).length)
  const best = offs[hits.indexOf(Math.max(...hits))]
  const on = peaks.map((peak, i) => ({ peak, off: best[i], place: round(best[i]) })).filter(({ off }) => isOn(off))
  const places = on.map(({ place }) => place)
  const span = Math.max(...places) - Math.min(...places)
  if (new Set(places).size < FEWEST || on.length < REGULAR * (span + 1)) return null
  return fitLine(places, on.map(({ peak }) => peak))
}

// Least squares.
function fitLine(xs, ys) {
  const middle = (values) => values.reduce((all, value) => all + value, 0) / values.length
  const [x0, y0] = [middle(xs), middle(ys)]
  const slope = xs.reduce((all, x, i) => all + (x - x0) * (ys[i] - y0), 0) / xs.reduce((all, x) => all + (x - x0) ** 2, 0)
  return { distance: slope, first: y0 - slope * x0 }
}
