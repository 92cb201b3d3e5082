// The service worker: pages from the network as long as there is one, else from this device. See docs/architecture.md.
"use strict";
const TOLD = {{ told|safe }};
const PUBLIC = `public-${TOLD.release}`;    // the stand-in page and static files: nobody's in particular
const PRIVATE = `private-${TOLD.release}`;  // pages as this learner saw them; offline.js fills it and clears it

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(PUBLIC);
    await cache.addAll([TOLD.shell, ...TOLD.parts].map((url) => new Request(url, { cache: "reload" })));
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

// A new deployment replaces everything that an old one left.
self.addEventListener("activate", (event) => {
  const renew = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== PUBLIC && name !== PRIVATE).map((name) => caches.delete(name)));
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  };
  event.waitUntil(renew());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  // Signing out takes what is private off the device, whatever else the page does.
  if (request.method === "POST" && url.pathname === TOLD.signOut) event.waitUntil(caches.delete(PRIVATE));
  if (request.method !== "GET") return;
  if (url.pathname.startsWith(TOLD.staticRoot)) event.respondWith(file(request, url));
  else if (url.pathname.startsWith(TOLD.media)) event.respondWith(media(request, url));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
});

async function page(event, url) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    const kept = await caches.open(PRIVATE);
    const found = (await kept.match(url.pathname)) ?? (await (await caches.open(PUBLIC)).match(TOLD.shell));
    return found ?? Response.error();
  }
}

// Pictures and sounds of the cards that this device keeps: an address never changes what it holds. Players ask for parts.
async function media(request, url) {
  const kept = await caches.match(url.pathname, { cacheName: PRIVATE });
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  if (!kept || !range) return kept ?? fetch(request);
  const whole = await kept.blob();
  const start = Number(range[1]);
  const end = Math.min(range[2] ? Number(range[2]) : whole.size - 1, whole.size - 1);
  if (start > end) return fetch(request);
  const headers = { "Content-Type": whole.type, "Content-Range": `bytes ${start}-${end}/${whole.size}` };
  return new Response(whole.slice(start, end + 1), { status: 206, headers });
}

// A name with a checksum in it never changes what it holds; any other is asked for anew while there is a network.
async function file(request, url) {
  const cache = await caches.open(PUBLIC);
  const kept = await cache.match(url.pathname);
  if (kept && /\.[0-9a-f]{12}\./.test(url.pathname)) return kept;
  try {
    const fresh = await fetch(request);
    if (fresh.status === 200) await cache.put(url.pathname, fresh.clone());
    return fresh;
  } catch {
    return kept ?? Response.error();
  }
}
