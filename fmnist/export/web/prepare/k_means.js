// k-means as OpenCV does it, with its random numbers, so that the same picture gives the same result. Source: Arthur and
// Vassilvitskii (2007), k-means++.
import { sum } from "./arrays.js"

const TRIALS = 3

// OpenCV's generator with the seed 0: multiply with carry.
export class Randoms {
  constructor() {
    this.state = 0xffffffffn
  }

  next() {
    this.state = (this.state & 0xffffffffn) * 4164903690n + (this.state >> 32n)
    return Number(this.state & 0xffffffffn)
  }

  // From 0 to 1.
  share() {
    const high = this.next()
    return (high * 2 ** 32 + this.next()) * 2 ** -64
  }
}

// Group points, each an array of three numbers; returns their labels and the centres.
export function groupPoints(points, count, randoms, { rounds, epsilon }) {
  let centres = chooseCentres(points, count, randoms)
  let labels = nearest(points, centres)
  for (let round = 1; ; round++) {
    const moved = average(points, labels, centres)
    const shift = Math.max(...moved.map((centre, k) => squared(centre, centres[k])))
    centres = moved
    if (round + 1 >= rounds || shift <= epsilon ** 2) return { labels, centres }
    labels = nearest(points, centres)
  }
}

function chooseCentres(points, count, randoms) {
  const chosen = [randoms.next() % points.length]
  let off = distancesTo(points, points[chosen[0]])
  while (chosen.length < count) {
    const whole = sum(off)
    let [best, least, nearer] = [-1, Infinity, off]
    for (let trial = 0; trial < TRIALS; trial++) {
      const candidate = drop(off, randoms.share() * whole)
      const other = distancesTo(points, points[candidate])
      for (let i = 0; i < other.length; i++) if (off[i] < other[i]) other[i] = off[i]
      const total = sum(other)
      if (total < least) [best, least, nearer] = [candidate, total, other]
    }
    chosen.push(best)
    off = nearer
  }
  return chosen.map((i) => points[i])
}

// The first position at which the weights add up to so much.
function drop(weights, amount) {
  let [rest, at] = [amount, 0]
  for (; at < weights.length - 1; at++) {
    rest -= weights[at]
    if (rest <= 0) break
  }
  return at
}

export function squared(a, b) {
  const [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
  return x * x + y * y + z * z
}

function distancesTo(points, centre) {
  const off = new Float32Array(points.length)
  for (let i = 0; i < off.length; i++) off[i] = squared(points[i], centre)
  return off
}

function nearest(points, centres) {
  const labels = new Int32Array(points.length)
  const least = distancesTo(points, centres[0])
  for (let k = 1; k < centres.length; k++) {
    const off = distancesTo(points, centres[k])
    for (let i = 0; i < off.length; i++) if (off[i] < least[i]) [least[i], labels[i]] = [off[i], k]
  }
  return labels
}

// The mean of each group. An empty one takes the point farthest from the centre of the largest.
function average(points, labels, centres) {
  const sums = centres.map(() => new Float32Array(3))
  const counts = centres.map(() => 0)
  points.forEach((point, i) => {
    counts[labels[i]]++
    for (let c = 0; c < 3; c++) sums[labels[i]][c] += point[c]
  })
  counts.forEach((count, k) => {
    if (count) return
    const largest = counts.indexOf(Math.max(...counts))
    const middle = sums[largest].map((one) => one / counts[largest])
    const off = points.map((point, i) => (labels[i] === largest ? squared(point, middle) : -1))
    const farthest = off.lastIndexOf(Math.max(...off))
    labels[farthest] = k
    counts[largest]--
    counts[k]++
    for (let c = 0; c < 3; c++) {
      sums[largest][c] -= points[farthest][c]
      sums[k][c] += points[farthest][c]
    }
  })
  return sums.map((all, k) => all.map((one) => one * Math.fround(1 / counts[k])))
}
