// Plotly selects what the pointer was last over, and a finger is over nothing before it taps: a tap would choose the cell
// of the tap before. So a finger that comes down first moves the pointer there.
export default function () {
  const movePointer = (event) => {
    const { clientX, clientY } = event.touches[0]
    event.target.closest?.(".nsewdrag")?.dispatchEvent(new MouseEvent("mousemove", { clientX, clientY, bubbles: true }))
  }
  document.addEventListener("touchstart", movePointer, { capture: true, passive: true })
  return () => document.removeEventListener("touchstart", movePointer, { capture: true })
}
