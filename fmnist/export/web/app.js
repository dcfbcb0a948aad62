// The page: a picture comes from the canvas, a file or the camera; the model answers.
import { showAnswer, showNothing } from "./answer.js"
import { Camera } from "./camera.js"
import mountCanvas from "./canvas.js"
import { loadModel } from "./model.js"
import { drawOutline, offerOutlines } from "./outlines.js"
import { decodePicture, readPixels, readSource } from "./prepare/picture.js"
import { prepare } from "./prepare/prepare.js"

const BLANK = ["Draw a garment", ["Draw one item with a closed outline, or use an outline as the drawing."]]
const get = (id) => document.getElementById(id)

const camera = new Camera(get("video"))
const drawing = { picture: "", example: true, given: 0, outline: [] } // what the canvas is given
const said = { draw: BLANK, upload: ["Choose a picture", []], camera: ["Take a picture", []] } // about each source
let model = null
let source = "draw"
let asked = 0 // only the last picture of all is answered

export const ready = start() // the model, or nothing if it could not be loaded

async function start() {
  keepOffline()
  try {
    model = await loadModel((share) => (get("progress").value = share))
  } catch (error) {
    get("loading").hidden = true
    get("result").hidden = false
    showNothing("The model could not be loaded", [
      error.message,
      "Reload the page. If that does not help, update the browser: it needs WebAssembly with SIMD.",
    ])
    return null
  }
  describe(model.facts)
  listen()
  for (const id of ["loading", "board", "result"]) get(id).hidden = id === "loading"
  await useOutline(model.facts.outlines[0])
  choose(document.querySelector("[name=source]:checked").value) // a reloaded page keeps its choice
  return model
}

function describe(facts) {
  document.title = `${facts.title}: garments, classified in your browser`
  get("title").textContent = facts.title
  get("accuracy").textContent = facts.accuracy
  get("run").textContent = facts.run
  offerOutlines(get("outline"), facts.classes)
  get("examples").replaceChildren(...facts.examples.map(buildExample))
}

function listen() {
  for (const input of document.querySelectorAll("[name=source]")) input.onchange = () => choose(input.value)
  get("outline").onchange = showOutline
  get("use").onclick = () => useOutline(drawing.outline)
  get("file").onchange = () => get("file").files.length && askFile(get("file").files[0])
  get("take").onclick = takeFrame
  document.ondragover = (event) => event.preventDefault()
  document.ondrop = (event) => {
    event.preventDefault()
    takeOver(event.dataTransfer.files)
  }
  document.onpaste = (event) => takeOver(event.clipboardData.files)
}

async function choose(chosen) {
  source = chosen
  for (const panel of document.querySelectorAll("[data-source]")) panel.hidden = panel.dataset.source !== source
  show()
  if (source !== "camera") return camera.stop()
  try {
    get("take").disabled = true
    await camera.start()
    get("take").disabled = false
  } catch (error) {
    say("camera", ["No camera", [error.message]])
  }
}

// Show what was said about the chosen source's picture.
function show() {
  const known = said[source]
  if (Array.isArray(known)) showNothing(...known)
  else showAnswer(model.facts, known.probs, known.prepared)
}

function say(about, what) {
  said[about] = what
  if (about === source) show()
}

async function answer(about, picture) {
  const turn = ++asked
  const prepared = prepare(picture)
  const details = prepared.warnings.map((warning) => warning.replace("No item found. ", ""))
  const what = prepared.image ? { prepared, probs: await model.read(prepared) } : ["No item found", details]
  if (turn === asked) say(about, what)
}

function showOutline() {
  drawing.outline = model.facts.outlines[get("outline").value] ?? []
  get("use").disabled = !drawing.outline.length
  showCanvas()
}

// Lay an outline onto the canvas as the drawing.
async function useOutline(paths) {
  const { address, pixels } = drawOutline(paths)
  Object.assign(drawing, { picture: address, given: get("canvas").querySelector(".canvas").board ? drawing.given + 1 : 0 })
  showCanvas()
  await answer("draw", readPixels(pixels))
}

function showCanvas() {
  mountCanvas({ data: drawing, parentElement: get("canvas"), setStateValue: askSheet })
}

// Ask about the drawing, which has just changed.
function askSheet() {
  const sheet = get("canvas").querySelector("canvas")
  const image = sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height)
  if (image.data.some(Boolean)) return answer("draw", readPixels(image))
  asked++
  return say("draw", BLANK)
}

// A file that was dropped on the page or pasted into it.
function takeOver(files) {
  if (!files.length) return
  document.querySelector("[name=source][value=upload]").checked = true
  choose("upload")
  askFile(files[0])
}

async function askFile(file) {
  try {
    const picture = await decodePicture(file)
    showPreview(file)
    await answer("upload", picture)
  } catch (error) {
    get("preview").hidden = true
    say("upload", ["No picture", [error.message]])
  }
}

function showPreview(file) {
  const preview = get("preview")
  URL.revokeObjectURL(preview.src)
  Object.assign(preview, { src: URL.createObjectURL(file), alt: file.name ? `Your picture ${file.name}` : "Your picture", hidden: false })
}

function buildExample({ label, picture }) {
  const name = `Test image: ${model.facts.classes[label]}`
  const button = Object.assign(document.createElement("button"), { type: "button", title: name })
  const image = Object.assign(new Image(28, 28), { src: picture, alt: name })
  button.append(image)
  button.onclick = () => {
    get("preview").hidden = true
    return answer("upload", readSource(image, image.naturalWidth, image.naturalHeight))
  }
  return button
}

function takeFrame() {
  const video = get("video")
  return answer("camera", readSource(video, video.videoWidth, video.videoHeight))
}

// Keep the page for later visits without a network; browsers allow that on HTTPS and localhost.
async function keepOffline() {
  if (!navigator.serviceWorker) return
  try {
    await navigator.serviceWorker.register("sw.js")
    await navigator.serviceWorker.ready
    get("offline").textContent = "This page is stored in your browser: it also works offline."
  } catch {
    get("offline").textContent = "This page could not be stored for use offline: it needs the network each time."
  }
}
