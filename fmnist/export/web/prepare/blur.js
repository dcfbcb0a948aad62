// Smoothing as OpenCV does it.
import { mapPlane, plane } from "./arrays.js"

const ONE = [1, 14, 62, 102, 62, 14, 1].map((weight) => weight / 256) // of sigma 1, in OpenCV's integers

// Blur a plane by a Gaussian; outside it is black, or else mirrored at its border.
export function blur(image, sigma, { black = false } = {}) {
  const kernel = sigma === 1 ? ONE : gaussian(sigma)
  const across = blurRows(image, kernel, black)
  const down = transpose(blurRows(transpose(across), kernel, black))
  return mapPlane(down, (level) => Math.floor(level + 0.5))
}

function gaussian(sigma) {
  const reach = Math.floor(Math.round(sigma * 6 + 1) / 2)
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)))
  const total = weights.reduce((all, weight) => all + weight)
  return weights.map((weight) => weight / total)
}

function blurRows({ width, height, data }, kernel, black) {
  const blurred = plane(width, height, Float64Array)
  const reach = (kernel.length - 1) / 2
  const row = new Float64Array(width + 2 * reach) // with what lies outside
  for (let y = 0; y < height; y++) {
    for (let x = -reach; x < width + reach; x++) {
      const inside = x >= 0 && x < width
      row[x + reach] = inside ? data[y * width + x] : black ? 0 : data[y * width + reflect(x, width)]
    }
    for (let x = 0; x < width; x++) {
      let level = 0
      for (let k = 0; k < kernel.length; k++) level += kernel[k] * row[x + k]
      blurred.data[y * width + x] = level
    }
  }
  return blurred
}

// Mirror a position at the first and the last pixel, which are not repeated.
function reflect(at, size) {
  if (size === 1) return 0
  const period = 2 * (size - 1)
  const within = ((at % period) + period) % period
  return within < size ? within : period - within
}

function transpose({ width, height, data }) {
  const turned = plane(height, width, Float64Array)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) turned.data[x * height + y] = data[y * width + x]
  return turned
}

// The median of 3×3 pixels; the border is repeated.
export function medianOfNine({ width, height, data }) {
  const smooth = plane(width, height)
  const around = new Uint8Array(9)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let count = 0
      for (let dy = -1; dy <= 1; dy++) {
        const row = Math.min(Math.max(y + dy, 0), height - 1) * width
        for (let dx = -1; dx <= 1; dx++) insert(around, count++, data[row + Math.min(Math.max(x + dx, 0), width - 1)])
      }
      smooth.data[y * width + x] = around[4]
    }
  }
  return smooth
}

// Insert a level into the first `count`, which are in order.
function insert(sorted, count, level) {
  let at = count
  for (; at > 0 && sorted[at - 1] > level; at--) sorted[at] = sorted[at - 1]
  sorted[at] = level
}
