// What the model says about a picture, on the page.
import { SIDE } from "./prepare/frame.js"

const get = (id) => document.getElementById(id)

export function showAnswer(facts, probs, prepared) {
  const order = [...probs.keys()].toSorted((a, b) => probs[b] - probs[a])
  const best = order[0]
  get("answer").textContent = `${facts.classes[best]}, ${describeConfidence(probs[best])} confidence`
  get("classes").replaceChildren(...order.map((label) => buildRow(facts.classes[label], probs[label])))
  get("warnings").replaceChildren(...prepared.warnings.map(buildWarning))
  showImage(prepared.image)
}

// Say why there is no answer.
export function showNothing(headline, details = []) {
  get("answer").textContent = headline
  get("classes").replaceChildren()
  get("warnings").replaceChildren(...details.map(buildWarning))
  get("seen").hidden = true
}

function showImage(image) {
  const pen = get("image").getContext("2d")
  const shown = pen.createImageData(SIDE, SIDE)
  image.data.forEach((level, i) => shown.data.set([level, level, level, 255], 4 * i))
  pen.putImageData(shown, 0, 0)
  get("seen").hidden = false
}

function buildRow(name, prob) {
  const row = document.createElement("li")
  const bar = document.createElement("i")
  bar.style.setProperty("--share", `${100 * prob}%`)
  row.append(buildText(name), buildText(writeShare(prob)), bar)
  return row
}

function buildText(text) {
  return Object.assign(document.createElement("span"), { textContent: text })
}

function buildWarning(text) {
  return Object.assign(document.createElement("p"), { textContent: text })
}

// No model is certain.
function describeConfidence(prob) {
  return prob >= 0.995 ? "> 99%" : `${Math.round(100 * prob)}%`
}

function writeShare(prob) {
  return prob >= 0.9995 ? "> 99.9%" : `${(100 * prob).toFixed(1)}%`
}
