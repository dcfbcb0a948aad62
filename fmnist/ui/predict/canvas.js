// A drawing canvas with its tools. What is drawn lies on a transparent sheet over the outline, so that the outline is
// never part of the picture, and the eraser makes transparent again.
const TOLERANCE = 24 // levels of 255: less than between two tones, more than the noise of a soft edge
const MOST_STEPS = 40
const SHORTEST = 1.5 // pixels between two points of a stroke

// Outlives the element: the drawing, its history and the tools come back when the canvas is shown again.
const kept = { picture: "", steps: [], position: 0, tool: "brush", tone: "0", width: "10" }

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".canvas")
  root.board ??= new Board(root, data.picture)
  root.board.send = (picture) => setStateValue("picture", picture)
  root.querySelector(".outline").replaceChildren(...data.outline.map(buildPath))
}

class Board {
  constructor(root, picture) {
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
    if (kept.steps.length && kept.picture === picture) this.show(kept.position)
    else this.restore(picture)
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
    this.stroke = { pointer: event.pointerId, points: [at] }
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
    const { points } = this.stroke
    this.pen.putImageData(kept.steps[kept.position], 0, 0)
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

  // Lay out what the page remembers where this browser's window does not, with nothing to undo.
  async restore(picture) {
    Object.assign(kept, { picture, steps: [this.read()], position: 0 })
    this.show(0)
    if (!picture) return
    const image = new Image()
    image.src = picture
    this.restoring = true // a stroke begun meanwhile would end up on the sheet to start from
    try {
      await image.decode()
      this.pen.drawImage(image, 0, 0)
      kept.steps[0] = this.read()
      this.show(kept.position)
    } catch { // what cannot be decoded is no drawing: the sheet stays empty
    } finally {
      this.restoring = false
    }
  }

  commit() {
    kept.steps = [...kept.steps.slice(0, kept.position + 1), this.read()].slice(-MOST_STEPS)
    this.show(kept.steps.length - 1)
    this.tell()
  }

  show(position) {
    kept.position = position
    const image = kept.steps[position]
    this.pen.putImageData(image, 0, 0)
    const able = { undo: position > 0, redo: position < kept.steps.length - 1, clear: !isBlank(image) }
    for (const [name, can] of Object.entries(able)) this.button(name).ariaDisabled = String(!can)
  }

  tell() {
    kept.picture = isBlank(kept.steps[kept.position]) ? "" : this.sheet.toDataURL("image/png")
    this.send(kept.picture)
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

function buildPath(d) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
  path.setAttribute("d", d)
  return path
}
