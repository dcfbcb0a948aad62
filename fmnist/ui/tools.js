// What belongs to the address: its copy, and one entry in the browser's history for each thing that the user does.
const SHOWN_MS = 2000
const SILENT = ["image"] // an opened image replaces the entry: Back leaves the page, not one image after the other

const PAPER_WIDTH = 700 // CSS pixels of A4 between its margins
const CARRIED = new Set(["runs", "larger"]) // choices that hold for every page: links to other pages bring them along

export default function ({ parentElement }) {
  if (!window.history.fmnist) {
    window.history.fmnist = true
    keepHistoryShort()
    carryChoices()
    addEventListener("beforeprint", fitPaper)
  }
  const button = parentElement.querySelector("button")
  const label = button.querySelector("span")
  const status = parentElement.querySelector("[role=status]")
  button.onclick = async () => {
    await copyText(window.location.href)
    label.textContent = status.textContent = "Copied"
    clearTimeout(button.timer)
    button.timer = setTimeout(() => {
      label.textContent = "Copy link"
      status.textContent = ""
    }, SHOWN_MS)
  }
}

// Without HTTPS browsers have no clipboard but the selection's
async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const field = Object.assign(document.createElement("textarea"), { value: text })
  document.body.append(field)
  field.select()
  document.execCommand("copy")
  field.remove()
}

// Streamlit adds an entry for each parameter that a page writes. All that follows one action belongs together.
function keepHistoryShort() {
  const push = window.history.pushState.bind(window.history)
  let acted = false
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (acted = true), true)
  window.history.pushState = (state, title, url) => {
    const asked = new URL(url ?? window.location.href, window.location.href)
    if (!acted || withoutSilent(asked) === withoutSilent(window.location)) {
      window.history.replaceState(state, title, url)
      return
    }
    acted = false
    push(state, title, url)
  }
}

// A click stays in the session, which knows the choices; a link that is copied or opened in a new tab has to name them
function carryChoices() {
  const complete = (event) => {
    const link = event.target.closest?.("[data-testid=stSidebarNavLink]")
    if (!link) return
    const choices = [...new URLSearchParams(window.location.search)].filter(([name]) => CARRIED.has(name))
    link.search = new URLSearchParams(choices)
  }
  for (const kind of ["pointerover", "focusin"]) addEventListener(kind, complete, true)
}

// Figures and tables keep the width that they have on the screen: the whole page is made as narrow as paper
function fitPaper() {
  const width = document.querySelector("[data-testid=stMainBlockContainer]").clientWidth
  document.documentElement.style.setProperty("--screen-width", `${width}px`)
  document.documentElement.style.setProperty("--paper-zoom", Math.min(1, PAPER_WIDTH / width))
  document.documentElement.dataset.scheme = getComputedStyle(document.querySelector(".stApp")).colorScheme
}

function withoutSilent(address) {
  const choices = new URLSearchParams(address.search)
  for (const name of SILENT) choices.delete(name)
  return `${address.pathname}?${choices}`
}
