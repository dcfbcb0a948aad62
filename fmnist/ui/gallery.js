// A grid of buttons: Tab and the arrow keys move among them, Enter and a click open an image.
export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector("ul")
  grid.onclick = (event) => {
    const button = event.target.closest("button")
    if (button) setTriggerValue("opened", Number(button.value))
  }
  grid.onkeydown = (event) => moveFocus(event, grid)
  const shown = JSON.stringify(data)
  if (grid.shown === shown) return // the buttons stay, so that a closed dialog can give the focus back
  grid.shown = shown
  grid.setAttribute("aria-label", data.label)
  grid.replaceChildren(...data.tiles.map(buildItem))
}

function buildItem(tile) {
  const image = Object.assign(document.createElement("img"), { src: tile.source, alt: tile.name })
  const words = document.createElement("span")
  words.append(
    buildLine("true", tile.true),
    buildVerdict(tile),
    buildLine("note", tile.note),
  )
  const button = Object.assign(document.createElement("button"), { type: "button", value: tile.index, title: tile.alt })
  button.append(image, words)
  const item = document.createElement("li")
  item.append(button)
  return item
}

// The sign is for the eye: the picture's name has the verdict in words
function buildVerdict(tile) {
  const line = buildLine(tile.verdict, ` ${tile.predicted}`)
  const sign = buildLine("sign", tile.verdict === "right" ? "✓" : "✗")
  sign.setAttribute("aria-hidden", "true")
  line.prepend(sign)
  return line
}

function buildLine(name, text) {
  return Object.assign(document.createElement("span"), { className: name, textContent: text })
}

function moveFocus(event, grid) {
  const buttons = [...grid.querySelectorAll("button")]
  const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key]
  const target = buttons[buttons.indexOf(event.target) + step]
  if (!target) return
  event.preventDefault()
  target.focus()
}
