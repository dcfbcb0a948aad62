// Small pictures, each a button; the chosen one is marked.
export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector(".picker")
  grid.onclick = (event) => {
    const button = event.target.closest("button")
    if (button) setTriggerValue("chosen", Number(button.value))
  }
  grid.setAttribute("aria-label", data.label)
  const names = data.pictures.map((picture) => picture.name).join("\n")
  if (grid.names !== names) grid.replaceChildren(...data.pictures.map(buildButton)) // else they stay, and keep the focus
  grid.names = names
  for (const button of grid.children) button.ariaPressed = String(Number(button.value) === data.chosen)
}

function buildButton({ name, source }, index) {
  const button = Object.assign(document.createElement("button"), { type: "button", value: index, title: name })
  button.append(Object.assign(document.createElement("img"), { src: source, alt: name }))
  return button
}
