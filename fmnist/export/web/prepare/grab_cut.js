// Separate an item from its background by their colours and the edge between them, as OpenCV's GrabCut does it. Source:
// Rother, Kolmogorov and Blake (2004), GrabCut.
import { Randoms, groupPoints } from "./k_means.js"
import { DIRECTIONS, Grid } from "./min_cut.js"
import { mapPlane } from "./arrays.js"

const COMPONENTS = 5
const GAMMA = 50
const LAMBDA = 9 * GAMMA
const LEFT_AND_UP = [0, 2, 4, 6] // directions in which each pair of neighbours is met once
const NOISE = 0.01

// Refine a guess of the item, a mask; where `sure` is set, all is background.
export function grabCut(pixels, guess, sure, rounds) {
  const colours = mapPoints(pixels)
  const edges = weighEdges(pixels, colours)
  let item = mapPlane(guess, (set, i) => (set && !sure[i] ? 1 : 0))
  const randoms = new Randoms()
  let models = [0, 1].map((side) => startModel(colours.filter((_, i) => item.data[i] === side), randoms))
  for (let round = 0; round < rounds; round++) {
    const sides = item.data
    const best = colours.map((colour, i) => bestComponent(models[sides[i]], colour))
    models = [0, 1].map((side) => learn(colours.filter((_, i) => sides[i] === side), best.filter((_, i) => sides[i] === side)))
    item = separate(pixels, colours, edges, models, sure)
  }
  return item
}

function mapPoints({ width, height, data }) {
  return Array.from({ length: width * height }, (_, i) => [data[3 * i], data[3 * i + 1], data[3 * i + 2]])
}

function startModel(colours, randoms) {
  const count = Math.min(COMPONENTS, colours.length)
  return learn(colours, groupPoints(colours, count, randoms, { rounds: 10, epsilon: 2 ** -23 }).labels)
}

// A mixture of Gaussians: weight, mean, inverse covariance and its determinant of each component.
function learn(colours, labels) {
  const sums = Array.from({ length: COMPONENTS }, () => ({ n: 0, mean: [0, 0, 0], products: Array(9).fill(0) }))
  colours.forEach((colour, i) => {
    const part = sums[labels[i]]
    part.n++
    for (let a = 0; a < 3; a++) {
      part.mean[a] += colour[a]
      for (let b = 0; b < 3; b++) part.products[3 * a + b] += colour[a] * colour[b]
    }
  })
  return sums.filter(({ n }) => n).map(({ n, mean, products }) => describe(n, mean, products, colours.length))
}

function describe(n, sums, products, total) {
  const mean = sums.map((one) => one / n)
  const c = products.map((one, k) => one / n - mean[Math.floor(k / 3)] * mean[k % 3])
  if (determinant(c) <= 1e-6) for (const k of [0, 4, 8]) c[k] += NOISE
  const det = determinant(c)
  const minor = (a, b, d, e) => (c[a] * c[e] - c[b] * c[d]) / det
  const inverse = [
    minor(4, 5, 7, 8), -minor(1, 2, 7, 8), minor(1, 2, 4, 5),
    -minor(3, 5, 6, 8), minor(0, 2, 6, 8), -minor(0, 2, 3, 5),
    minor(3, 4, 6, 7), -minor(0, 1, 6, 7), minor(0, 1, 3, 4),
  ]
  return { weight: n / total, mean, inverse, scale: 1 / Math.sqrt(det) }
}

function determinant(c) {
  return c[0] * (c[4] * c[8] - c[5] * c[7]) - c[1] * (c[3] * c[8] - c[5] * c[6]) + c[2] * (c[3] * c[7] - c[4] * c[6])
}

function density({ mean, inverse, scale }, colour) {
  const [x, y, z] = [colour[0] - mean[0], colour[1] - mean[1], colour[2] - mean[2]]
  const off =
    x * (x * inverse[0] + y * inverse[3] + z * inverse[6]) +
    y * (x * inverse[1] + y * inverse[4] + z * inverse[7]) +
    z * (x * inverse[2] + y * inverse[5] + z * inverse[8])
  return scale * Math.exp(-0.5 * off)
}

function bestComponent(model, colour) {
  let [best, most] = [0, 0]
  model.forEach((component, k) => {
    const likely = density(component, colour)
    if (likely > most) [best, most] = [k, likely]
  })
  return best
}

function surprise(model, colour) {
  return -Math.log(model.reduce((all, component) => all + component.weight * density(component, colour), 0))
}

// The weight of each pixel's edges to the left, up-left, up and up-right: large between alike colours.
function weighEdges({ width, height }, colours) {
  const differences = LEFT_AND_UP.map((direction) => {
    const [dx, dy] = DIRECTIONS[direction]
    return colours.map((colour, i) => {
      const [x, y] = [(i % width) + dx, Math.floor(i / width) + dy]
      if (x < 0 || x >= width || y < 0) return -1
      const other = colours[y * width + x]
      return (colour[0] - other[0]) ** 2 + (colour[1] - other[1]) ** 2 + (colour[2] - other[2]) ** 2
    })
  })
  const total = differences.flat().reduce((all, one) => all + Math.max(one, 0), 0)
  const beta = total > 2 ** -52 ? 1 / ((2 * total) / (4 * width * height - 3 * width - 3 * height + 2)) : 0
  return differences.map((row, k) => {
    const most = LEFT_AND_UP[k] % 4 === 2 ? GAMMA / Math.SQRT2 : GAMMA
    return row.map((one) => (one < 0 ? 0 : most * Math.exp(-beta * one)))
  })
}

function separate(pixels, colours, edges, [ground, item], sure) {
  const { width, height } = pixels
  const grid = new Grid(width, height)
  colours.forEach((colour, i) => {
    const at = grid.at(i % width, Math.floor(i / width))
    grid.terminal[at] = sure[i] ? -LAMBDA : surprise(ground, colour) - surprise(item, colour)
    LEFT_AND_UP.forEach((direction, k) => {
      if (edges[k][i]) grid.connect(at, direction, edges[k][i])
    })
  })
  grid.cut()
  const isItem = (_, i) => !sure[i] && grid.isSource(grid.at(i % width, Math.floor(i / width)))
  return { width, height, data: Uint8Array.from(colours, (one, i) => (isItem(one, i) ? 1 : 0)) }
}
