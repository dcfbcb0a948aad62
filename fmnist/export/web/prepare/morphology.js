// Shapes of masks: growing and shrinking by discs and squares, distances, and what an outline encloses. What lies outside
// the picture counts for nothing.
import { mapPlane, pad, plane, unpad } from "./arrays.js"

const FAR = 1e6 // pixels, farther than anything in a picture

// The distance of each pixel from the nearest set one, squared. Source: Meijster, Roerdink and Hesselink (2000).
function squaredDistances({ width, height, data }) {
  const squared = squaredDistancesDown(width, height, data)
  const [apexes, starts, row] = [new Int32Array(width), new Int32Array(width), new Float64Array(width)]
  for (let y = 0; y < height; y++) {
    row.set(squared.subarray(y * width, (y + 1) * width))
    let top = 0
    apexes[0] = starts[0] = 0
    for (let x = 1; x < width; x++) {
      while (top >= 0) {
        const [here, there] = [starts[top] - apexes[top], starts[top] - x]
        if (here * here + row[apexes[top]] <= there * there + row[x]) break
        top--
      }
      const apex = top < 0 ? x : apexes[top]
      const start = top < 0 ? 0 : 1 + Math.floor((x * x - apex * apex + row[x] - row[apex]) / (2 * (x - apex)))
      if (start >= width) continue
      top++
      apexes[top] = x
      starts[top] = start
    }
    for (let x = width - 1; x >= 0; x--) {
      const off = x - apexes[top]
      squared[y * width + x] = off * off + row[apexes[top]]
      if (x === starts[top]) top--
    }
  }
  return squared
}

function squaredDistancesDown(width, height, data) {
  const down = new Float64Array(width * height)
  for (let i = 0; i < down.length; i++) down[i] = data[i] ? 0 : (i < width ? FAR : down[i - width]) + 1
  for (let i = down.length - width - 1; i >= 0; i--) if (down[i + width] + 1 < down[i]) down[i] = down[i + width] + 1
  for (let i = 0; i < down.length; i++) down[i] *= down[i]
  return down
}

const reachOf = (radius) => Math.max(1, radius) ** 2

export function growByDisc(mask, radius) {
  return compare(squaredDistances(mask), mask, reachOf(radius), 1)
}

export function shrinkByDisc(mask, radius) {
  return compare(squaredDistances(mapPlane(mask, (set) => 1 - set)), mask, reachOf(radius), 0)
}

function compare(squared, { width, height }, most, near) {
  const mask = plane(width, height)
  for (let i = 0; i < squared.length; i++) mask.data[i] = squared[i] <= most ? near : 1 - near
  return mask
}

// How many pixels a disc has.
export function discArea(radius) {
  let area = 0
  for (const { half } of discRows(radius)) area += 2 * half + 1
  return area
}

// The rows of a disc, from its top down: how far each is from the middle, and half its width.
export function discRows(radius) {
  const reach = Math.max(1, Math.ceil(radius))
  const rows = []
  for (let dy = -reach; dy <= reach; dy++) {
    const rest = reachOf(radius) - dy ** 2
    if (rest >= 0) rows.push({ dy, half: Math.floor(Math.sqrt(rest)) })
  }
  return rows
}

// Close gaps of up to so many pixels; there is room around, or the border of the picture would close the outline.
export function closeGaps(ink, gap) {
  const margin = 2 * Math.max(1, Math.ceil(gap / 2)) + 1
  return unpad(shrinkByDisc(growByDisc(pad(ink, margin), gap / 2), gap / 2), margin)
}

// The lightest level under a disc, or a rectangle given by its rows.
export function lightest(image, rows) {
  const { width, height } = image
  const result = plane(width, height)
  const byHalf = new Map()
  for (const { dy, half } of rows) {
    if (!byHalf.has(half)) byHalf.set(half, half ? lightestOfRow(image, half) : image.data)
    raise(result, byHalf.get(half), dy)
  }
  return result
}

export function darkest(image, rows) {
  return invert(lightest(invert(image), rows))
}

function invert(image) {
  return mapPlane(image, (level) => 255 - level)
}

export function square(side) {
  const half = (side - 1) / 2
  return Array.from({ length: side }, (_, i) => ({ dy: i - half, half }))
}

function raise({ width, height, data }, source, dy) {
  const offset = dy * width
  const end = Math.min(height, height - dy) * width
  for (let i = Math.max(0, -dy) * width; i < end; i++) {
    const level = source[i + offset]
    if (level > data[i]) data[i] = level
  }
}

// The lightest of each pixel and `half` pixels on both sides, in three comparisons each. Source: van Herk (1992).
function lightestOfRow({ width, height, data }, half) {
  const side = 2 * half + 1
  const length = Math.ceil((width + 2 * half) / side) * side
  const [line, ahead, back] = [new Uint8Array(length), new Uint8Array(length), new Uint8Array(length)]
  const result = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    line.set(data.subarray(y * width, (y + 1) * width), half)
    for (let start = 0; start < length; start += side) {
      let most = 0
      for (let i = start; i < start + side; i++) ahead[i] = most = line[i] > most ? line[i] : most
      most = 0
      for (let i = start + side - 1; i >= start; i--) back[i] = most = line[i] > most ? line[i] : most
    }
    for (let x = 0; x < width; x++) {
      const [left, right] = [back[x], ahead[x + side - 1]]
      result[y * width + x] = left > right ? left : right
    }
  }
  return result
}

const [STRAIGHT, DIAGONAL, UNIT] = [62587, 89738, 65536] // 0.955 and 1.3693 in OpenCV's integers

// The distance from each pixel of a mask to its edge, as OpenCV's 3×3 chamfer distance; the picture's border is an edge.
export function depthOf(mask) {
  const room = pad(mask, 1)
  const { width, height } = room
  const depth = new Int32Array(width * height)
  for (let i = width; i < depth.length; i++) {
    if (!room.data[i]) continue
    const above = Math.min(depth[i - width - 1] + DIAGONAL, depth[i - width] + STRAIGHT, depth[i - width + 1] + DIAGONAL)
    depth[i] = Math.min(above, depth[i - 1] + STRAIGHT)
  }
  for (let i = depth.length - width - 1; i >= 0; i--) {
    if (!room.data[i]) continue
    const below = Math.min(depth[i + width - 1] + DIAGONAL, depth[i + width] + STRAIGHT, depth[i + width + 1] + DIAGONAL)
    depth[i] = Math.min(depth[i], below, depth[i + 1] + STRAIGHT)
  }
  const deep = plane(mask.width, mask.height, Float32Array)
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) deep.data[y * mask.width + x] = depth[(y + 1) * width + x + 1] / UNIT
  }
  return deep.data
}

// Everything that cannot be reached from outside without crossing the barrier, and the barrier itself.
export function fill(barrier) {
  const room = pad(barrier, 1)
  const { width, height, data } = room
  const waiting = new Int32Array(data.length)
  let count = 1
  data[0] = 2
  const visit = (i) => {
    if (data[i]) return
    data[i] = 2
    waiting[count++] = i
  }
  while (count) {
    const i = waiting[--count]
    if (i % width) visit(i - 1)
    if (i % width < width - 1) visit(i + 1)
    if (i >= width) visit(i - width)
    if (i < width * (height - 1)) visit(i + width)
  }
  return unpad(mapPlane(room, (mark) => (mark === 2 ? 0 : 1)), 1)
}
