// Turn a picture into an image like those of the dataset, as fmnist/inference/prepare.py does it: grey, 28×28, light on
// black, filled by the item.
import { boundsOf, crop, mapPlane, plane, sum } from "./arrays.js"
import { cutOutAlpha, findItem, isLostOnWhite, strokesOf } from "./alpha.js"
import { EVEN_TOLERANCE, findBackground, foreground } from "./background.js"
import { cutOutCatalogue } from "./catalogue.js"
import { SIDE, frame, subsample } from "./frame.js"
import { NO_SINGLE_ITEM, showsMany } from "./no_item.js"
import { enlarge, findInnerPicture } from "./outer_frame.js"
import { cleanPaper } from "./paper.js"
import { cutOutPhoto } from "./photo.js"
import { pieceAreas } from "./pieces.js"
import { resize, shrink } from "./resize.js"
import { cutOutSketch, looksDrawn } from "./sketch.js"
import { grey } from "./tone.js"

const WORKING_SIDE = 320
const BLANK = 0.99
const NOTHING = 0.0005
const LITTLE = 0.01

const EMPTY = "No item found. Draw something, or use a picture with a plainer background."
const NEARLY_EMPTY = "There is almost nothing in the picture: draw the item larger, with a closed outline."
const SEVERAL = "Several objects were found: show one item at a time."

// `pixels` is RGB on white; `alpha`, a plane or null, is 0 where the picture was transparent. Returns { image, kind,
// warnings }; `image` is null where nothing was found.
export function prepare({ pixels, alpha }) {
  if (isDatasetImage(pixels)) return { image: subsample(grey(pixels)), kind: "raw", warnings: [] }
  const [kind, cutout] = findAndCutOut(pixels, alpha)
  const share = sum(cutout.mask.data) / cutout.mask.data.length
  const image = share < NOTHING ? null : frame(cutout)
  return { image: image?.data.some(Boolean) ? image : null, kind, warnings: warn(cutout, share) }
}

function isDatasetImage(pixels) {
  if (pixels.height !== pixels.width || isColoured(pixels)) return false
  const background = findBackground(pixels)
  if (background.level > 127) return false
  if (pixels.height === SIDE) return true
  if (background.level > EVEN_TOLERANCE) return false
  const edge = Math.ceil((2 * pixels.height) / SIDE)
  const box = boundsOf(foreground(pixels, background))
  if (!box) return false
  const spans =
    (box.top < edge && box.bottom > pixels.height - edge) || (box.left < edge && box.right > pixels.width - edge)
  return spans && invertDrawing(shrink(pixels, WORKING_SIDE)) === null
}

function isColoured({ data }) {
  for (let i = 0; i < data.length; i += 3) {
    const [red, green, blue] = [data[i], data[i + 1], data[i + 2]]
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > EVEN_TOLERANCE) return true
  }
  return false
}

// The kind of a picture and its item: by the alpha channel where white paper would hide it.
function findAndCutOut(picture, alpha) {
  const pixels = shrink(picture, WORKING_SIDE)
  const background = findBackground(pixels)
  const mask = alpha && findItem(resize(alpha, pixels.height, pixels.width))
  if (mask && isLostOnWhite(mask, pixels, background)) {
    const strokes = strokesOf(mask)
    return looksDrawn(strokes, findBackground(strokes)) ? cutOut(strokes) : ["catalogue", cutOutAlpha(pixels, mask)]
  }
  const cleaned = cleanDrawing(pixels, background)
  if (cleaned) return ["sketch", cleaned]
  const box = findInnerPicture(pixels)
  if (!box) return cutOut(pixels)
  const inner = crop(picture, enlarge(box, picture.height / pixels.height, picture))
  return box.chart ? ["sketch", nothing(inner)] : cutOut(shrink(inner, WORKING_SIDE))
}

// A drawing on lined or badly lit paper, or null.
function cleanDrawing(pixels, background) {
  const cleaned = background.share >= BLANK ? null : cleanPaper(pixels)
  if (!cleaned) return null
  const paper = findBackground(cleaned)
  if (!looksDrawn(cleaned, paper)) return null
  return showsMany(foreground(cleaned, paper)) ? nothing(cleaned) : cutOutSketch(cleaned, paper)
}

// A drawing in light strokes on a plain dark ground as dark on light, or null for anything else.
function invertDrawing(pixels) {
  const background = findBackground(pixels)
  if (background.level > 127 || !background.isPlain) return null
  const inverted = mapAll(pixels, (level) => 255 - level)
  const paper = findBackground(inverted)
  return looksDrawn(inverted, paper) && !showsMany(foreground(inverted, paper)) ? inverted : null
}

function mapAll(pixels, change) {
  return { ...pixels, data: pixels.data.map(change) }
}

// Detect the kind, and cut the item out accordingly.
function cutOut(pixels) {
  const background = findBackground(pixels)
  const inverted = invertDrawing(pixels)
  if (inverted) return ["sketch", cutOutSketch(inverted, findBackground(inverted))]
  if (!background.isPlain) return ["photo", cutOutPhoto(pixels)]
  const kind = looksDrawn(pixels, background) ? "sketch" : "catalogue"
  if (showsMany(foreground(pixels, background))) return [kind, nothing(pixels)]
  return [kind, kind === "sketch" ? cutOutSketch(pixels, background) : cutOutCatalogue(pixels, background)]
}

function nothing({ width, height }) {
  const blank = plane(width, height)
  return { tone: blank, mask: mapPlane(blank, () => 0), warnings: [NO_SINGLE_ITEM], sharpness: 0 }
}

function warn(cutout, share) {
  if (share < NOTHING) return cutout.warnings.length ? cutout.warnings : [EMPTY]
  const areas = pieceAreas(cutout.mask)
  const several = areas.filter((area) => area > 0.25 * areas[0]).length > 1
  return [...cutout.warnings, ...(share < LITTLE ? [NEARLY_EMPTY] : []), ...(several ? [SEVERAL] : [])]
}
