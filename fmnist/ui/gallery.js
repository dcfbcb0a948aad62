// A grid of buttons: Tab and the arrow keys move among them, Enter and a click open an image.
export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector("ul")
  const focused = parentElement.activeElement?.value
  grid.setAttribute("aria-label", data.label)
  grid.replaceChildren(...data.tiles.map((tile) => buildItem(tile, () => setTriggerValue("opened", tile.index))))
  if (focused) findButtons(grid).find((button) => button.value === focused)?.focus()
  grid.onkeydown = (event) => moveFocus(event, grid)
}

function buildItem(tile, open) {
  const image = Object.assign(document.createElement("img"), { src: tile.source, alt: tile.alt })
  const words = document.createElement("span")
  words.append(
    buildLine("true", tile.true),
    buildLine(tile.verdict, `${tile.verdict === "right" ? "✓" : "✗"} ${tile.predicted}`),
    buildLine("sure", tile.confidence),
  )
  const button = Object.assign(document.createElement("button"), { value: String(tile.index), onclick: open })
  button.type = "button"
  button.setAttribute("aria-label", `Open ${tile.alt}`)
  button.title = tile.alt
  button.append(image, words)
  const item = document.createElement("li")
  item.append(button)
  return item
}

function buildLine(name, text) {
  return Object.assign(document.createElement("span"), { className: name, textContent: text })
}

function findButtons(grid) {
  return [...grid.querySelectorAll("button")]
}

function moveFocus(event, grid) {
  const buttons = findButtons(grid)
  const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key]
  const target = buttons[buttons.indexOf(event.target) + step]
  if (!target) return
  event.preventDefault()
  target.focus()
}
