// Resizing as OpenCV does it: INTER_AREA where a picture shrinks, INTER_LINEAR where it grows.
import { plane, round } from "./arrays.js"

export function resize(image, height, width) {
  if (height === image.height && width === image.width) return image
  return height < image.height || width < image.width ? resizeByArea(image, height, width) : resizeLinearly(image, height, width)
}

// Shrink a picture until its longest edge has so many pixels; a smaller one is returned as it is.
export function shrink(image, longest) {
  const factor = longest / Math.max(image.height, image.width)
  if (factor >= 1) return image
  return resize(image, Math.max(1, round(image.height * factor)), Math.max(1, round(image.width * factor)))
}

export function resizeLinearly(image, height, width) {
  const channels = image.data.length / (image.width * image.height)
  const [across, down] = [linearTaps(image.width, width), linearTaps(image.height, height)]
  const resized = new Uint8Array(width * height * channels)
  const along = (row, x, c) => {
    const { at, next, weight } = across[x]
    const start = row * image.width
    return image.data[(start + at) * channels + c] * (2048 - weight) + image.data[(start + next) * channels + c] * weight
  }
  for (let y = 0; y < height; y++) {
    const { at, next, weight } = down[y]
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        const upper = ((2048 - weight) * (along(at, x, c) >> 4)) >> 16
        const lower = (weight * (along(next, x, c) >> 4)) >> 16
        resized[(y * width + x) * channels + c] = (upper + lower + 2) >> 2
      }
    }
  }
  return { width, height, data: resized }
}

// Where each new pixel lies between two old ones; weights are integers of 11 bits.
function linearTaps(from, to) {
  return Array.from({ length: to }, (_, i) => {
    const position = Math.fround((i + 0.5) * (from / to) - 0.5)
    const at = Math.floor(position)
    if (at < 0) return { at: 0, next: 0, weight: 0 }
    if (at >= from - 1) return { at: from - 1, next: from - 1, weight: 0 }
    return { at, next: at + 1, weight: round((position - at) * 2048) }
  })
}

function resizeByArea(image, height, width) {
  const channels = image.data.length / (image.width * image.height)
  const across = areaTaps(image.width, width)
  const rows = shrinkDown(image.data, image.width * channels, areaTaps(image.height, height))
  const halves = image.width === 2 * width && image.height === 2 * height ? Math.round : round
  const resized = new Uint8Array(width * height * channels)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const { first, weights } = across[x]
      for (let c = 0; c < channels; c++) {
        let [level, i] = [0, (y * image.width + first) * channels + c]
        for (let k = 0; k < weights.length; k++, i += channels) level += weights[k] * rows[i]
        resized[(y * width + x) * channels + c] = halves(Math.fround(level))
      }
    }
  }
  return { width, height, data: resized }
}

function shrinkDown(data, length, taps) {
  const rows = new Float64Array(length * taps.length)
  taps.forEach(({ first, weights }, y) => {
    const target = rows.subarray(y * length, (y + 1) * length)
    for (let k = 0; k < weights.length; k++) {
      const source = data.subarray((first + k) * length, (first + k + 1) * length)
      for (let i = 0; i < length; i++) target[i] += weights[k] * source[i]
    }
  })
  return rows
}

// The first old pixel that lies in each new one, and the shares of it that this and the next ones cover.
function areaTaps(from, to) {
  const scale = from / to
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * scale, i * scale + scale]
    const cell = Math.min(scale, from - start)
    const last = Math.min(Math.floor(end), from - 1)
    const first = Math.min(Math.ceil(start), last)
    const begins = first - start > 1e-3
    const weights = [
      ...(begins ? [(first - start) / cell] : []),
      ...Array(last - first).fill(1 / cell),
      ...(end - last > 1e-3 ? [Math.min(end - last, 1, cell) / cell] : []),
    ]
    return { first: begins ? first - 1 : first, weights }
  })
}

export function mirror({ width, height, data }) {
  const turned = plane(width, height)
  for (let i = 0; i < data.length; i++) turned.data[i] = data[i - (i % width) + width - 1 - (i % width)]
  return turned
}
