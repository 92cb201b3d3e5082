// What this device keeps for times without a network: the cards that wait, guides, and ratings until they are sent.
// A rating leaves the device only once the server says what became of it, and its id makes it count once.
(() => {
  const learner = document.documentElement.dataset.learner; // "" signed out; undefined on the stand-in page
  const PACK = "/review/offline/cards/";
  const SYNC = "/review/offline/ratings/";
  const OLD = 10 * 60 * 1000; // milliseconds after which the cards are fetched anew
  const AT_ONCE = 100; // ratings in one request

  // A small promise around IndexedDB: stores `cards` (by flashcard), `outbox` (by id), `about` (one row).
  const database = new Promise((resolve, reject) => {
    const opening = indexedDB.open("site", 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("cards", { keyPath: "flashcard" });
      opening.result.createObjectStore("outbox", { keyPath: "id" });
      opening.result.createObjectStore("about", { keyPath: "key" });
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  async function within(stores, mode, act) {
    const transaction = (await database).transaction(stores, mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    const asked = act(...stores.map((name) => transaction.objectStore(name)));
    await done;
    return asked?.result;
  }
  const all = (store) => within([store], "readonly", (rows) => rows.getAll());
  const about = () => within(["about"], "readonly", (rows) => rows.get("device"));

  const ours = async () => (await all("outbox")).filter((one) => learner === undefined || one.learner === learner)
    .sort((a, b) => a.at - b.at);

  // Everything private but the ratings that wait: those name a card by its id and say nothing of its text.
  async function forget() {
    await within(["cards", "about"], "readwrite", (cards, rows) => { cards.clear(); rows.clear(); });
    if (!self.caches) return;
    for (const name of await caches.keys()) if (name.startsWith("private-")) await caches.delete(name);
  }

  // The rating and the card that it moves, together or not at all.
  async function keep(rating, after) {
    const known = await about();
    const row = { ...rating, learner: known?.learner ?? learner };
    await within(["outbox", "cards"], "readwrite", (outbox, cards) => { outbox.put(row); after?.(cards); });
    await say();
  }

  const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

  let sending = null;
  const send = () => (sending ??= (navigator.locks ? navigator.locks.request("outbox", sendAll) : sendAll()).finally(() => { sending = null; }));

  async function sendAll() {
    if (!learner) return;
    const refused = [];
    for (let waiting = await ours(); waiting.length; waiting = await ours()) {
      const batch = waiting.slice(0, AT_ONCE);
      let answer;
      try {
        answer = await fetch(SYNC, {
          method: "POST",
          credentials: "same-origin",
          redirect: "error",
          headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
          // With the device's own time, so that a clock that goes wrong is set right.
          body: JSON.stringify({ sent_at: Date.now(), ratings: batch.map(({ learner: _, ...one }) => one) }),
        });
      } catch { break; }
      if (!answer.ok) break; // they stay, and are sent again
      const { results } = await answer.json();
      await within(["outbox"], "readwrite", (outbox) => { for (const one of results) outbox.delete(one.id); });
      refused.push(...results.filter((one) => one.result === "refused"));
      if (!results.length) break;
    }
    await say(refused);
  }

  async function fetchCards() {
    const known = await about();
    const kept = known && (await caches.has(`private-${known.release}`)); // gone where a new deployment came
    if (kept && known.learner === learner && Date.now() - known.at < OLD) return;
    const answer = await fetch(PACK, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return;
    const pack = await answer.json();
    const guides = kept && known.release === pack.release ? known.guides ?? {} : {};
    await within(["cards", "about"], "readwrite", (cards, rows) => {
      cards.clear();
      pack.cards.forEach((card, place) => cards.put({ ...card, place }));
      rows.put({ key: "device", learner, at: Date.now(), release: pack.release, guides, titles: pack.guides });
    });
    await fetchMedia(pack);
    await fetchGuides(pack, guides);
  }

  // Pictures and sounds of the cards; what only cards of earlier days showed goes.
  async function fetchMedia(pack) {
    const kept = await caches.open(`private-${pack.release}`);
    for (const request of await kept.keys()) {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/media/") && !pack.media.includes(pathname)) await kept.delete(request);
    }
    for (const url of pack.media) if (!(await kept.match(url))) await kept.add(url).catch(() => {});
  }

  // Guides that changed since, with the files that they show.
  async function fetchGuides(pack, kept) {
    const pages = await caches.open(`private-${pack.release}`);
    const files = await caches.open(`public-${pack.release}`);
    for (const guide of pack.guides) {
      if (kept[guide.url] === guide.version) continue;
      const page = await fetch(guide.url, { credentials: "same-origin", redirect: "error" });
      if (!page.ok) continue;
      await pages.put(guide.url, page.clone());
      const shown = (await page.text()).matchAll(/\b(?:src|href)="(\/static\/[^"]+)"/g);
      for (const [, url] of shown) if (!(await files.match(url))) await files.add(url).catch(() => {});
      kept[guide.url] = guide.version;
    }
    await within(["about"], "readwrite", (rows) => {
      rows.put({ key: "device", learner, at: Date.now(), release: pack.release, guides: kept, titles: pack.guides });
    });
  }

  // One line under the header, only when there is something to say.
  async function say(refused = []) {
    const number = (await ours()).length;
    const noun = number === 1 ? "1 rating waits" : `${number} ratings wait`;
    const texts = [];
    if (!navigator.onLine || learner === undefined) texts.push(number ? `Offline: ${noun} on this device.` : "Offline.");
    else if (number) texts.push(`${noun} on this device and will be sent${learner ? "" : " when you sign in"}.`);
    texts.push(...refused.map((one) => one.why));
    let line = document.querySelector("[data-offline-line]");
    if (!line) {
      line = document.createElement("p");
      line.dataset.offlineLine = "";
      line.className = "offline-line small";
      line.setAttribute("role", "status");
      document.querySelector(".site-header")?.after(line);
    }
    line.hidden = !texts.length;
    line.textContent = texts.join(" ");
    document.dispatchEvent(new CustomEvent("outbox", { detail: number }));
  }

  async function start() {
    if (learner === undefined) return say();
    const known = await about();
    if (known && known.learner !== learner) await forget();
    const worker = await navigator.serviceWorker?.register("/sw.js").catch(() => null);
    await say();
    if (!learner || !navigator.onLine) return;
    await send();
    if (worker && self.caches) await fetchCards();
  }

  // Ratings of the review page that did not get through are kept, with the ids they were sent under, and the review goes on
  // with what this device took along. False if anything but ratings of the schedule is among them: then they stay there.
  async function takeOver(posts) {
    if (!navigator.serviceWorker?.controller || navigator.onLine) return false;
    const ratings = posts.map(({ url, body }) => (/\/rate\/$/.test(url) && !body.has("mode") ? {
      id: body.get("event"), flashcard: url.split("/").at(-3), rating: Number(body.get("rating")),
      version: Number(body.get("version")), duration_ms: Number(body.get("duration_ms")) || null, at: Date.now(),
    } : null));
    if (ratings.includes(null)) return false;
    for (const rating of ratings) await keep(rating, (cards) => cards.delete(rating.flashcard));
    return true;
  }
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action, location.href).pathname === "/accounts/logout/") forget();
  });
  addEventListener("online", () => { say().then(send); });
  addEventListener("offline", () => say());

  window.offline = { all, about, keep, say, takeOver, ready: start().catch(() => {}) };
})();
