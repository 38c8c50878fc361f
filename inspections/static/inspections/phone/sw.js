/* Keeps the application and the pages of documents on the phone. VERSION and FILES are written above by the server. */
const SHELL = `phone-${VERSION}`;
const DOCUMENTS = "phone-documents";
const PAGE = /^\/fichiers\/\d+\/page\/\d+\/$/;

// « no-cache » asks whether a file has changed: what the page has just received is not received twice.
const bring = async () => (await caches.open(SHELL)).addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })));

const clean = async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith("phone-") && ![SHELL, DOCUMENTS].includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
};

const answer = async (request, cache) => (await (await caches.open(cache)).match(request, { ignoreSearch: cache === SHELL })) ?? fetch(request);

self.addEventListener("install", (event) => event.waitUntil(bring().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(clean()));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(answer(event.request, SHELL));
  else if (PAGE.test(pathname)) event.respondWith(answer(event.request, DOCUMENTS));
});
