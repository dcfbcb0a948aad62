// Connected pieces of a mask; pixels that touch at a corner are connected.
import { mapPlane } from "./arrays.js"

// Label the pieces from 1 on, in the order of their first pixel.
export function findPieces({ width, height, data }) {
  const labels = new Int32Array(data.length)
  const waiting = new Int32Array(data.length)
  const pieces = [null]
  for (let start = 0; start < data.length; start++) {
    if (!data[start] || labels[start]) continue
    const piece = { area: 0, top: height, bottom: 0, left: width, right: 0 }
    const label = pieces.push(piece) - 1
    labels[start] = label
    waiting[0] = start
    let count = 1
    while (count) {
      const i = waiting[--count]
      const [x, y] = [i % width, Math.floor(i / width)]
      take(piece, x, y)
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let n = ny * width + Math.max(0, x - 1); n <= ny * width + Math.min(width - 1, x + 1); n++) {
          if (!data[n] || labels[n]) continue
          labels[n] = label
          waiting[count++] = n
        }
      }
    }
  }
  return { labels, pieces: pieces.slice(1) }
}

function take(piece, x, y) {
  piece.area++
  piece.top = Math.min(piece.top, y)
  piece.bottom = Math.max(piece.bottom, y + 1)
  piece.left = Math.min(piece.left, x)
  piece.right = Math.max(piece.right, x + 1)
}

// Keep the pieces of which `wanted(piece)` is true.
export function keepPieces(mask, wanted) {
  const { labels, pieces } = findPieces(mask)
  const kept = [0, ...pieces.map((piece) => (wanted(piece) ? 1 : 0))]
  return mapPlane(mask, (_, i) => kept[labels[i]])
}

// Areas in pixels, largest first.
export function pieceAreas(mask) {
  return findPieces(mask).pieces.map(({ area }) => area).toSorted((a, b) => b - a)
}
