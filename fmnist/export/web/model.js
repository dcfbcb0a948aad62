// The exported network, run by LiteRT: probabilities of a prepared picture, calibrated.
import { Environment, Tensor, loadAndCompile, loadLiteRt } from "./runtime/core.js"
import { SIDE } from "./prepare/frame.js"
import { mirror } from "./prepare/resize.js"

const RUNTIME = "runtime/litert_wasm_compat_internal"
const SMALLEST_PROB = 1e-7

// Load what model.json describes; `report` is told the share that has arrived, from 0 to 1.
export async function loadModel(report) {
  const facts = await (await fetchFile("model.json")).json()
  let arrived = 0
  const count = (bytes) => report(Math.min(1, (arrived += bytes) / (facts.runtime_bytes + facts.model_bytes)))
  const [runtime, content] = await Promise.all([readFile(`${RUNTIME}.wasm`, count), readFile("model.tflite", count)])
  const logged = await start(runtime)
  try {
    return new Model(facts, await loadAndCompile(content, { accelerator: "wasm" }))
  } catch (cause) {
    throw new Error(`The model cannot be run: ${logged.at(-1) ?? cause.message}`, { cause })
  }
}

export class Model {
  constructor(facts, network) {
    this.facts = facts
    this.network = network
  }

  // The calibrated probabilities of a prepared picture. A network that was trained on mirrored images is shown both ways,
  // except where the picture is an image of the dataset.
  async read({ image, kind }) {
    const probs = await this.run(image)
    if (!this.facts.mirrored || kind === "raw") return calibrate(probs, this.facts.temperature)
    const other = await this.run(mirror(image))
    return calibrate(probs.map((prob, i) => (prob + other[i]) / 2), this.facts.temperature)
  }

  async run(image) {
    const input = new Tensor(Float32Array.from(image.data, (level) => level / 255), [1, SIDE, SIDE, 1])
    const outputs = await this.network.run([input])
    const probs = Array.from(outputs[0].toTypedArray())
    input.delete()
    for (const output of outputs) output.delete()
    return probs
  }
}

export function calibrate(probs, temperature) {
  const logits = probs.map((prob) => Math.log(Math.max(prob, SMALLEST_PROB)) / temperature)
  const most = Math.max(...logits)
  const shares = logits.map((logit) => Math.exp(logit - most))
  const total = shares.reduce((all, share) => all + share)
  return shares.map((share) => share / total)
}

// Start the runtime on its content; returns what it logs, which is no error of the page.
async function start(content) {
  const logged = []
  const create = Environment.create
  Environment.create = () => create({ webGpuDevice: null }) // or a graphics device is asked for, which has nothing to do
  globalThis.Module = { wasmBinary: content, print: () => {}, printErr: (line) => logged.push(line) }
  await loadLiteRt(`${RUNTIME}.js`)
  return logged
}

async function fetchFile(name) {
  const response = await fetch(name)
  if (!response.ok) throw new Error(`${name} did not arrive (${response.status}).`)
  return response
}

// Read a file, and tell `count` how many bytes of it arrive.
async function readFile(name, count) {
  const response = await fetchFile(name)
  const transform = (chunk, stream) => {
    count(chunk.length)
    stream.enqueue(chunk)
  }
  const counted = response.body.pipeThrough(new TransformStream({ transform }))
  return new Uint8Array(await new Response(counted).arrayBuffer())
}
