// A drawing canvas with its tools. What is drawn lies on a transparent sheet over the outline, so that the outline is
// never part of the picture, and the eraser makes transparent again.
const TOLERANCE = 24 // levels of 255: less than between two tones, more than the noise of a soft edge
const MOST_STEPS = 40
const SHORTEST = 1.5 // pixels between two points of a stroke

const STORED = "fmnist-drawing" // in the tab's own storage, which outlives a reload

// Outlives the element: the drawing, its history and the tools come back when the canvas is shown again. `example` says
// that the first step is an example, which the first stroke replaces; `given`, how many drawings the page has given.
const kept = { picture: "", steps: [], position: 0, example: false, given: 0, tool: "brush", tone: "0", width: "10" }

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".canvas")
  root.board ??= new Board(root, data)
  root.board.send = (picture) => setStateValue("picture", picture)
  root.board.takeUp(data)
  root.querySelector(".outline").replaceChildren(...data.outline.map(buildPath))
}

class Board {
  constructor(root, data) {
    this.root = root
    this.sheet = root.querySelector("canvas")
    this.pen = this.sheet.getContext("2d", { willReadFrequently: true })
    Object.assign(this.pen, { lineCap: "round", lineJoin: "round" })
    this.stroke = null
    this.takeUpTools()
    this.sheet.onpointerdown = (event) => this.begin(event)
    this.sheet.onpointermove = (event) => this.follow(event)
    this.sheet.onpointerup = this.sheet.onpointercancel = (event) => this.end(event)
    this.root.onclick = (event) => this.press(event.target.closest("button"))
    this.root.onkeydown = (event) => this.pressKeys(event)
    kept.given = data.given
    if (kept.steps.length && kept.picture === data.picture) this.show(kept.position)
    else this.restore(data)
  }

  takeUpTools() {
    const width = this.root.querySelector("[type=range]")
    for (const input of this.root.querySelectorAll("[type=radio]")) {
      input.checked = kept[input.name] === input.value
      input.onchange = () => (kept[input.name] = input.value)
      if (input.name === "tone") input.parentElement.style.setProperty("--tone", input.value)
    }
    width.value = kept.width
    width.oninput = () => {
      kept.width = width.value
      this.root.querySelector("output").textContent = `${width.value} px`
    }
    width.oninput()
  }

  begin(event) {
    if (this.stroke || this.restoring || event.button !== 0) return
    this.sheet.focus({ preventScroll: true }) // so that Ctrl+Z reaches this canvas
    const at = this.locate(event)
    if (kept.tool === "fill") return this.fill(at)
    this.sheet.setPointerCapture(event.pointerId)
    this.pen.globalCompositeOperation = kept.tool === "eraser" ? "destination-out" : "source-over"
    this.pen.lineWidth = Number(kept.width)
    this.pen.strokeStyle = this.pen.fillStyle = `rgb(${kept.tone}, ${kept.tone}, ${kept.tone})`
    const replaces = this.shownExample() && kept.tool === "brush"
    this.stroke = { pointer: event.pointerId, points: [at], ground: replaces ? this.blank() : kept.steps[kept.position] }
    this.paint()
  }

  follow(event) {
    if (this.stroke?.pointer !== event.pointerId) return
    const between = event.getCoalescedEvents?.() ?? []
    for (const each of between.length ? between : [event]) {
      const [at, last] = [this.locate(each), this.stroke.points.at(-1)]
      if (Math.hypot(at[0] - last[0], at[1] - last[1]) >= SHORTEST) this.stroke.points.push(at)
    }
    this.paint()
  }

  // The whole stroke anew as one path: pieces of it drawn over each other would have beaded edges.
  paint() {
    const { points, ground } = this.stroke
    this.pen.putImageData(ground, 0, 0)
    this.pen.beginPath()
    if (points.length === 1) {
      this.pen.arc(...points[0], this.pen.lineWidth / 2, 0, 2 * Math.PI) // a single tap is a dot
      return this.pen.fill()
    }
    this.pen.moveTo(...points[0])
    for (let i = 1; i < points.length; i++) {
      const [[x, y], [nextX, nextY]] = [points[i - 1], points[i]]
      this.pen.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2) // from middle to middle, bent to the points
    }
    this.pen.lineTo(...points.at(-1))
    this.pen.stroke()
  }

  end(event) {
    if (this.stroke?.pointer !== event.pointerId) return
    this.stroke = null
    this.commit()
  }

  fill([x, y]) {
    const image = this.read()
    // A click on the very edge may lie a fraction of a pixel beyond it
    const [column, row] = [clamp(Math.floor(x), image.width), clamp(Math.floor(y), image.height)]
    floodFill(image, column, row, Number(kept.tone))
    this.pen.putImageData(image, 0, 0)
    this.commit()
  }

  locate(event) {
    const box = this.sheet.getBoundingClientRect()
    return [
      ((event.clientX - box.left) * this.sheet.width) / box.width,
      ((event.clientY - box.top) * this.sheet.height) / box.height,
    ]
  }

  press(button) {
    if (!button || button.ariaDisabled === "true" || this.stroke) return
    if (button.value === "clear") {
      this.pen.clearRect(0, 0, this.sheet.width, this.sheet.height)
      this.commit()
    } else {
      this.show(kept.position + (button.value === "undo" ? -1 : 1))
      this.tell()
    }
  }

  pressKeys(event) {
    const key = (event.ctrlKey || event.metaKey) && event.key.toLowerCase()
    const wish = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : null
    if (!wish) return
    event.preventDefault()
    this.press(this.button(wish))
  }

  // Lay out what this tab had before it was reloaded, else what the page remembers, with nothing to undo.
  async restore({ picture, example }) {
    const stored = example ? recall() : null
    Object.assign(kept, { picture: stored ?? picture, steps: [this.read()], position: 0, example: example && stored === null })
    this.show(0)
    this.restoring = true // a stroke begun meanwhile would end up on the sheet to start from
    await this.lay(kept.picture)
    kept.steps = [this.read()]
    this.show(0)
    this.restoring = false
    if (stored !== null) this.send(stored)
  }

  // Lay out a drawing that the page gives, as one more step: it can be undone.
  async takeUp({ given, picture }) {
    if (given === kept.given) return
    kept.given = given
    this.stroke = null
    await this.lay(picture)
    this.push()
    this.remember(picture)
  }

  async lay(picture) {
    const image = await decode(picture)
    this.pen.putImageData(this.blank(), 0, 0)
    this.pen.globalCompositeOperation = "source-over"
    if (image) this.pen.drawImage(image, 0, 0)
  }

  commit() {
    this.push()
    this.tell()
  }

  push() {
    const steps = [...kept.steps.slice(0, kept.position + 1), this.read()]
    kept.example &&= steps.length <= MOST_STEPS
    kept.steps = steps.slice(-MOST_STEPS)
    this.show(kept.steps.length - 1)
  }

  show(position) {
    kept.position = position
    const image = kept.steps[position]
    this.pen.putImageData(image, 0, 0)
    const able = { undo: position > 0, redo: position < kept.steps.length - 1, clear: !isBlank(image) }
    for (const [name, can] of Object.entries(able)) this.button(name).ariaDisabled = String(!can)
    this.root.querySelector(".hint").hidden = !this.shownExample()
  }

  tell() {
    this.remember(isBlank(kept.steps[kept.position]) ? "" : this.sheet.toDataURL("image/png"))
    this.send(kept.picture)
  }

  remember(picture) {
    kept.picture = picture
    try {
      sessionStorage.setItem(STORED, picture)
    } catch { // a browser that stores nothing, or no more: the drawing is then lost with a reload
    }
  }

  shownExample() {
    return kept.example && kept.position === 0
  }

  blank() {
    return this.pen.createImageData(this.sheet.width, this.sheet.height)
  }

  read() {
    return this.pen.getImageData(0, 0, this.sheet.width, this.sheet.height)
  }

  button(name) {
    return this.root.querySelector(`button[value=${name}]`)
  }
}

// Fill what is connected to (x, y) and like it. The soft edge around it, one pixel wide, takes the tone where that
// brings it nearer to the stroke: no pale seam stays between the two.
function floodFill({ width, height, data }, x, y, tone) {
  const level = Float32Array.from({ length: width * height }, (_, i) => 255 + ((data[4 * i] - 255) * data[4 * i + 3]) / 255)
  const inside = new Uint8Array(level.length)
  const seed = level[y * width + x]
  const waiting = [y * width + x]
  while (waiting.length) {
    const i = waiting.pop()
    if (inside[i] || Math.abs(level[i] - seed) > TOLERANCE) continue
    inside[i] = 1
    waiting.push(...neighbours(i, width, height))
  }
  const [nearer, touches] = [tone < seed ? Math.min : Math.max, (i) => inside[i] === 1]
  for (let i = 0; i < level.length; i++) {
    if (!inside[i] && !neighbours(i, width, height).some(touches)) continue
    data.fill(inside[i] ? tone : nearer(tone, level[i]), 4 * i, 4 * i + 3)
    data[4 * i + 3] = 255
  }
}

function clamp(position, size) {
  return Math.min(Math.max(position, 0), size - 1)
}

function neighbours(i, width, height) {
  const [x, y] = [i % width, Math.floor(i / width)]
  const found = []
  if (x > 0) found.push(i - 1)
  if (x < width - 1) found.push(i + 1)
  if (y > 0) found.push(i - width)
  if (y < height - 1) found.push(i + width)
  return found
}

function isBlank({ data }) {
  for (let i = 3; i < data.length; i += 4) if (data[i]) return false
  return true
}

function recall() {
  try {
    return sessionStorage.getItem(STORED)
  } catch { // storage is turned off
    return null
  }
}

// What cannot be decoded is no drawing: the sheet stays empty.
async function decode(picture) {
  const image = Object.assign(new Image(), { src: picture })
  try {
    if (picture) await image.decode()
    return picture ? image : null
  } catch {
    return null
  }
}

function buildPath(d) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
  path.setAttribute("d", d)
  return path
}
