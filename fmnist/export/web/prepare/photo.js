// Pictures with a busy background, such as a floor, a bed or a hanger.
import { plane } from "./arrays.js"

const UNCLEAR = "The item could not be told from its surroundings: put it on a plain background of another colour."

export function cutOutPhoto({ width, height }) {
  return { tone: plane(width, height), mask: plane(width, height), warnings: [UNCLEAR], sharpness: 0 }
}
