// From what a browser shows to pixels: upright, on white, no side longer than the dashboard's.
import { plane } from "./arrays.js"

const MAX_SIDE = 1024
const MAX_BYTES = 25 * 2 ** 20
const MAX_PIXELS = 50_000_000

// Decode an image file. Throws an Error whose message says what the user can do.
export async function decodePicture(file) {
  if (file.size > MAX_BYTES) throw new Error("The file is too large: at most 25 MB are read.")
  let bitmap
  try {
    bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" })
  } catch (cause) {
    throw new Error("This is no picture that the browser can read: choose a PNG, JPEG or WebP file.", { cause })
  }
  try {
    if (bitmap.width * bitmap.height > MAX_PIXELS) {
      throw new Error("The picture is too large: at most 50 million pixels are read.")
    }
    return readSource(bitmap, bitmap.width, bitmap.height)
  } finally {
    bitmap.close()
  }
}

// Read anything that a canvas can draw, at most `MAX_SIDE` pixels long.
export function readSource(source, width, height) {
  const factor = Math.min(1, MAX_SIDE / Math.max(width, height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(width * factor))
  canvas.height = Math.max(1, Math.round(height * factor))
  const pen = canvas.getContext("2d", { willReadFrequently: true })
  pen.imageSmoothingQuality = "high"
  pen.drawImage(source, 0, 0, canvas.width, canvas.height)
  return readPixels(pen.getImageData(0, 0, canvas.width, canvas.height))
}

// Split RGBA into `pixels` on white and `alpha`, which is null where all is opaque.
export function readPixels({ width, height, data }) {
  const pixels = { width, height, data: new Uint8Array(3 * width * height) }
  const alpha = plane(width, height)
  for (let i = 0; i < alpha.data.length; i++) {
    const opaque = data[4 * i + 3]
    alpha.data[i] = opaque
    for (let c = 0; c < 3; c++) pixels.data[3 * i + c] = Math.round((data[4 * i + c] * opaque + 255 * (255 - opaque)) / 255)
  }
  return { pixels, alpha: alpha.data.every((level) => level === 255) ? null : alpha }
}
