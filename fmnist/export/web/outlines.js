// Outlines of garments: to draw over, or to use as the drawing, which is how the keyboard draws.
const SIDE = 336
const UNITS = 100 // the square in which the paths are given
const WIDTH = 10 // pixels, as the brush has at first

export function offerOutlines(select, classes) {
  select.append(...classes.map((name, label) => new Option(name, label)))
}

// Draw paths in black on a transparent sheet, of the canvas's size.
export function drawOutline(paths) {
  const sheet = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE })
  const pen = sheet.getContext("2d")
  pen.scale(SIDE / UNITS, SIDE / UNITS)
  Object.assign(pen, { lineWidth: (WIDTH * UNITS) / SIDE, lineCap: "round", lineJoin: "round" })
  for (const path of paths) pen.stroke(new Path2D(path))
  return { address: sheet.toDataURL("image/png"), pixels: pen.getImageData(0, 0, SIDE, SIDE) }
}
