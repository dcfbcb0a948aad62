// Keeps the key of this browser's pictures in a cookie as long as there are any.
const DAYS = 400 // the longest that browsers keep one

export default function ({ data, setTriggerValue }) {
  const held = read(data.name)
  if (!data.keep) {
    if (held === data.key) write(data.name, "", 0)
    return
  }
  if (held && held !== data.key) return setTriggerValue("other", held)
  write(data.name, data.key, DAYS * 24 * 3600)
  if (read(data.name) !== data.key && !data.told) setTriggerValue("refused", true)
}

function read(name) {
  const pair = document.cookie.split("; ").find((text) => text.startsWith(`${name}=`))
  return pair ? pair.slice(name.length + 1) : ""
}

function write(name, value, seconds) {
  const secure = location.protocol === "https:" ? "; secure" : ""
  document.cookie = `${name}=${value}; path=/; max-age=${seconds}; samesite=strict${secure}`
}
