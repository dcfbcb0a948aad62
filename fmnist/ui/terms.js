// The glossary: a list behind its button, and the first use of each term on a page opens its explanation.
//
// React keeps its own text node, which only becomes shorter; what follows it is ours and goes as soon as React writes
// there again. So nothing that Streamlit knows of is ever moved or removed.
const TEXTS = "h2, h3, p, li"
const BESIDE = "button, label, a, summary, code, svg, [role=dialog], [role=button], [data-testid=stDataFrame]"
const OTHER_FORMS = { ci: "confidence interval", overfits: "overfitting", overfit: "overfitting", significantly: "significant" }
const GAP = 6 // pixels between a popover and what has opened it

let linked = [] // { text, before, parts }: React's node, what is left in it, and what of ours follows
const watcher = new MutationObserver(dropStale)

let leave = () => {} // Streamlit calls the script anew with each run of the page

export default function ({ parentElement }) {
  leave()
  const glossary = parentElement.querySelector("#fmnist-glossary")
  const button = parentElement.querySelector("button")
  glossary.ontoggle = (event) => {
    button.setAttribute("aria-expanded", event.newState === "open")
    placeBelow(glossary, button)
  }
  const app = document.querySelector("[data-testid=stApp]")
  const linkAtRest = () => app.dataset.testScriptState === "notRunning" && requestAnimationFrame(linkTerms)
  const rest = new MutationObserver(linkAtRest)
  rest.observe(app, { attributeFilter: ["data-test-script-state"] })
  linkAtRest()
  const listening = new AbortController()
  listen(listening.signal)
  leave = () => {
    rest.disconnect()
    listening.abort()
  }
  return leave
}

function listen(signal) {
  const on = (kind, act) => document.addEventListener(kind, act, { signal, capture: kind === "scroll" })
  on("click", (event) => toggleTerm(event.target.closest?.(".fmnist-term")))
  on("focusout", () => toggleTerm(null))
  on("scroll", () => toggleTerm(null))
  on("keydown", (event) => {
    const term = event.target.closest?.(".fmnist-term")
    if (event.key === "Escape") toggleTerm(null)
    if (!term || ![" ", "Enter"].includes(event.key)) return
    event.preventDefault()
    toggleTerm(term)
  })
}

function toggleTerm(term) {
  const tip = document.getElementById("fmnist-term")
  const opened = document.querySelector(".fmnist-term[aria-expanded=true]")
  if (!tip || (!opened && !term)) return
  opened?.setAttribute("aria-expanded", false)
  tip.hidePopover()
  if (!term || term === opened) return
  term.setAttribute("aria-expanded", true)
  tip.textContent = document.getElementById(term.getAttribute("aria-describedby")).textContent
  tip.showPopover()
  placeBelow(tip, term)
}

function placeBelow(popover, opener) {
  const at = opener.getBoundingClientRect()
  const { offsetWidth, offsetHeight } = popover
  const below = at.bottom + GAP + offsetHeight <= innerHeight || at.top < offsetHeight + GAP
  popover.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - offsetWidth - GAP))}px`
  popover.style.top = `${below ? at.bottom + GAP : at.top - offsetHeight - GAP}px`
}

function linkTerms() {
  dropStale()
  const glossary = document.getElementById("fmnist-glossary")
  const page = document.querySelector("[data-testid=stMainBlockContainer]")
  if (!glossary || !page) return
  const ids = new Map([...glossary.querySelectorAll("dt")].map((term) => [term.textContent.toLowerCase(), term.nextElementSibling.id]))
  for (const [form, term] of Object.entries(OTHER_FORMS)) ids.set(form, ids.get(term))
  for (const term of page.querySelectorAll(".fmnist-term")) dropTerm(ids, term.getAttribute("aria-describedby"))
  for (const element of page.querySelectorAll(TEXTS)) {
    if (!ids.size) return
    if (element.closest(BESIDE)) continue
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    const texts = []
    while (walker.nextNode()) texts.push(walker.currentNode)
    for (const text of texts) if (!text.parentElement.closest(`${BESIDE}, .fmnist-term`)) linkText(text, ids)
  }
}

function linkText(text, ids) {
  const parts = []
  let rest = text
  for (;;) {
    const found = matchTerms(ids).exec(rest.data)
    if (!found) break
    const word = rest.splitText(found.index)
    const after = word.splitText(found[0].length)
    const term = makeTerm(ids.get(found[1].toLowerCase()))
    word.replaceWith(term)
    term.append(word)
    parts.push(term, after)
    dropTerm(ids, term.getAttribute("aria-describedby"))
    rest = after
    if (!ids.size) break
  }
  if (!parts.length) return
  linked.push({ text, before: text.data, parts })
  watcher.observe(text, { characterData: true })
  watcher.observe(text.parentNode, { childList: true })
}

function matchTerms(ids) {
  const longestFirst = [...ids.keys()].toSorted((one, other) => other.length - one.length)
  return new RegExp(`(?<![\\w-])(${longestFirst.join("|")})s?(?![\\w-])`, "i")
}

function dropTerm(ids, id) {
  for (const [form, other] of ids) if (other === id) ids.delete(form)
}

function makeTerm(id) {
  const term = document.createElement("span") // the text of a button could not be selected
  const named = { class: "fmnist-term", role: "button", tabindex: 0, "aria-expanded": false, "aria-describedby": id }
  for (const [name, value] of Object.entries(named)) term.setAttribute(name, value)
  return term
}

function dropStale() {
  linked = linked.filter(({ text, before, parts }) => {
    if (text.isConnected && text.data === before && parts[0].isConnected) return true
    for (const part of parts) part.remove()
    return false
  })
}
