// A click takes the pixel under the pointer; the arrow keys move the position from where it is.
const SIDE = 28
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button")
  button.ariaLabel = data.label
  button.querySelector("img").src = data.source
  const frame = button.querySelector("span")
  for (const [name, share] of Object.entries(data.frame)) frame.style[name] = `${100 * share}%`
  button.onclick = (event) => {
    if (event.detail) setTriggerValue("picked", findPixel(event, button)) // Enter clicks nowhere
  }
  button.onkeydown = (event) => {
    const step = STEPS[event.key]
    if (!step) return
    event.preventDefault()
    setTriggerValue("moved", step)
  }
}

function findPixel(event, button) {
  const box = button.getBoundingClientRect()
  return [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width].map((share) =>
    Math.min(SIDE - 1, Math.max(0, Math.floor(SIDE * share))),
  )
}
