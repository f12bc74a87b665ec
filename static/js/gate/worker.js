/* Answers the page of the gate and what it is made of when there is no network. The page itself puts them aside; nobody's name is among them. */

const KEPT = "gate";
const PATIENCE = 4000; // milliseconds for a slow network, before the page that is kept

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  const isGate = request.mode === "navigate" && /^\/events\/\d+\/gate\/$/.test(address.pathname);
  const isPart = address.pathname.startsWith("/static/");
  if (isGate || isPart) event.respondWith(fresh(request));
});

async function fresh(request) {
  const kept = await caches.match(request, { cacheName: KEPT, ignoreSearch: true, ignoreVary: true });
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  // A server that restarts answers, too, and not with the gate.
  const asked = fetch(request).then(
    (answer) => (answer.status >= 500 ? kept : answer),
    () => kept,
  );
  return (await Promise.race([asked, late])).clone();
}
