// Cut out an item on a plain background, as fmnist/inference/catalogue.py does it.
import { clip, mapPlane, median, pick, round, sum } from "./arrays.js"
import { distances, foreground } from "./background.js"
import { SHARPNESS } from "./frame.js"
import { grey, lift } from "./tone.js"

const PALE = 25

const WHITE_ON_WHITE = "The item can hardly be told from its background: put it on one of another colour."

export function cutOutCatalogue(pixels, background) {
  const mask = foreground(pixels, background)
  const difference = distances(pixels, background.colour)
  const contrast = new Int16Array(grey(pixels).data).map((level) => background.level - level)
  const darker = sum(pick(contrast, mask.data)) >= 0
  const telling = darker ? contrast : contrast.map((one) => -one)
  const differences = pick(difference.data, mask.data)
  const lifted = isLostInGrey(pick(telling, mask.data), differences)
    ? lift(difference, mask)
    : stretch(mask, telling, darker, background.level)
  const tone = mapPlane(lifted, (level, i) => (mask.data[i] ? level : 0))
  const pale = differences.length > 0 && median(differences) < PALE
  return { tone, mask, warnings: pale ? [WHITE_ON_WHITE] : [], sharpness: darker ? SHARPNESS : 0 }
}

function stretch(mask, contrast, darker, level) {
  const reach = Math.max(darker ? level : 255 - level, 1)
  const tone = mapPlane(mask, (_, i) => round(clip(contrast[i] * (255 / reach))))
  return darker ? lift(tone, mask) : tone
}

function isLostInGrey(contrast, difference) {
  const lost = sum(contrast.map((one, i) => (one < 0.4 * difference[i] ? 1 : 0)))
  return contrast.length > 0 && lost / contrast.length > 0.3
}
