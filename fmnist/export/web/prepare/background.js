// The plain background of a picture, and what differs from it, as fmnist/inference/background.py finds them.
import { median, plane, remember } from "./arrays.js"
import { keepPieces } from "./pieces.js"
import { greyOf } from "./tone.js"

export const TOLERANCE = 13
export const EVEN_TOLERANCE = 5

export const findBackground = remember((pixels) => {
  const border = borderOf(pixels)
  const codes = border.map(([red, green, blue]) => (red >> 5) * 64 + (green >> 5) * 8 + (blue >> 5))
  const counts = new Int32Array(512)
  for (const code of codes) counts[code]++
  const most = counts.indexOf(Math.max(...counts))
  const common = border.filter((_, i) => codes[i] === most)
  const colour = [0, 1, 2].map((channel) => Math.floor(median(common.map((pixel) => pixel[channel]))))
  const off = border.map((pixel) => Math.max(...pixel.map((level, channel) => Math.abs(level - colour[channel]))))
  const share = off.filter((distance) => distance <= TOLERANCE).length / off.length
  const even = off.filter((distance) => distance <= EVEN_TOLERANCE >> 1).length / off.length
  return {
    colour,
    share,
    isPlain: share >= 0.75 || even >= 0.5,
    tolerance: even >= 0.5 ? EVEN_TOLERANCE : TOLERANCE,
    level: greyOf(...colour),
  }
})

function borderOf({ width, height, data }) {
  const pixel = (x, y) => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)]
  const border = []
  for (let x = 0; x < width; x++) border.push(pixel(x, 0), pixel(x, height - 1))
  for (let y = 1; y < height - 1; y++) border.push(pixel(0, y), pixel(width - 1, y))
  return border
}

// Where a picture differs from its background, without specks.
export const foreground = remember((pixels, background) => {
  const off = distances(pixels, background.colour)
  const differs = { ...off, data: off.data.map((distance) => (distance > background.tolerance ? 1 : 0)) }
  const least = Math.max(2, differs.data.length * 2e-4)
  return keepPieces(differs, ({ area }) => area >= least)
})

// The largest difference of a channel from a colour, at each pixel.
export function distances({ width, height, data }, [red, green, blue]) {
  const off = plane(width, height)
  for (let i = 0; i < off.data.length; i++) {
    const [r, g, b] = [Math.abs(data[3 * i] - red), Math.abs(data[3 * i + 1] - green), Math.abs(data[3 * i + 2] - blue)]
    off.data[i] = Math.max(r, g, b)
  }
  return off
}
