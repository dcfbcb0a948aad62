// Buttons with a picture from one sheet and words: Tab and the arrow keys move among them, Enter and a click take one.
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ul")
  list.onclick = (event) => {
    const button = event.target.closest("button")
    if (button) setTriggerValue("taken", Number(button.value))
  }
  list.onkeydown = (event) => moveFocus(event, list)
  list.setAttribute("aria-label", data.label)
  list.classList.toggle("row", data.row)
  for (const [name, value] of Object.entries(styleOf(data))) list.style.setProperty(name, value)
  const shown = JSON.stringify([data.tiles, data.pictures])
  const rows = Math.ceil(data.pictures / data.columns)
  if (list.shown !== shown) list.replaceChildren(...data.tiles.map((tile) => buildItem(tile, data.columns, rows)))
  list.shown = shown // else the buttons stay, and keep the focus
  for (const button of list.querySelectorAll("button")) {
    button.ariaPressed = String(Number(button.value) === data.chosen)
  }
  if (data.row) bringIntoView(list)
}

function styleOf(data) {
  return {
    "--sheet": data.sheet ? `url(${data.sheet})` : "none",
    "--side": `${data.side}px`,
    "--ratio": data.ratio,
    "--columns": data.columns,
    "--rows": Math.ceil(data.pictures / data.columns),
  }
}

function buildItem(tile, columns, rows) {
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    value: tile.value,
    disabled: !tile.enabled,
  })
  if (tile.place >= 0) {
    const picture = buildPart("picture", "")
    picture.style.setProperty("--x", percent(tile.place % columns, columns))
    picture.style.setProperty("--y", percent(Math.floor(tile.place / columns), rows))
    button.append(picture)
  }
  button.append(buildPart("title", tile.title), ...tile.lines.map((line) => buildPart("line", line)))
  if (tile.mark) button.append(buildPart("mark", tile.mark))
  if (tile.bar !== null) {
    const bar = buildPart("bar", "")
    bar.style.setProperty("--share", `${100 * tile.bar}%`)
    button.append(bar)
  }
  const item = document.createElement("li")
  item.append(button)
  return item
}

function percent(place, count) {
  return count > 1 ? `${(100 * place) / (count - 1)}%` : "0"
}

function buildPart(name, text) {
  return Object.assign(document.createElement("span"), { className: name, textContent: text })
}

// Scrolls the row alone: the page stays where it is
function bringIntoView(list) {
  const chosen = list.querySelector("[aria-pressed=true]")
  if (!chosen) return
  const left = chosen.parentElement.offsetLeft - list.offsetLeft
  if (left < list.scrollLeft || left + chosen.offsetWidth > list.scrollLeft + list.clientWidth) list.scrollLeft = left
}

function moveFocus(event, list) {
  const buttons = [...list.querySelectorAll("button:enabled")]
  const columns = list.classList.contains("row") ? 1 : getComputedStyle(list).gridTemplateColumns.split(" ").length
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key]
  const target = buttons[buttons.indexOf(event.target) + step]
  if (!target) return
  event.preventDefault()
  target.focus()
}
