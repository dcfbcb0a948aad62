// The element stays and its text changes: a live region that appears with its text is not read aloud.
export default function ({ data, parentElement }) {
  const status = parentElement.querySelector("[role=status]")
  if (status.textContent !== data.text) status.textContent = data.text
}
