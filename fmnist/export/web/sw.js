// Keeps the files of the page, so that it opens without a network. The export writes in what it consists of.
const VERSION = "version"
const FILES = ["files"]

// Several such pages may lie on one host: each has caches of its own
const PREFIX = `fmnist ${registration.scope} `
const NAME = PREFIX + VERSION

onfetch = (event) => event.respondWith(answer(event.request))

oninstall = (event) => event.waitUntil(keep())

onactivate = (event) => event.waitUntil(forgetOthers())

async function keep() {
  const cache = await caches.open(NAME)
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })))
  await skipWaiting()
}

async function forgetOthers() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)))
  await clients.claim()
}

async function answer(request) {
  const cache = await caches.open(NAME)
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request)
}
