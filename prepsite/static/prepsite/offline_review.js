// The stand-in page: reviewing the cards that this device keeps, and finding the guides that it keeps.
(() => {
  const find = (name) => document.querySelector(`[data-${name}]`);
  const { offline } = window;
  let card = null;
  let shownAt = 0;
  let total = 0;

  const kept = async () => (await offline.all("cards")).sort((a, b) => a.place - b.place);
  const isOpen = (one) => !(one.opens > Date.now()); // those of coming days wait for theirs
  const waiting = async () => (await kept()).filter(isOpen);

  async function show(focus) {
    const cards = await waiting();
    card = cards[0] ?? null;
    find("card").hidden = !card;
    if (!card) {
      if (total) await finish();
      return;
    }
    find("answer").open = false;
    find("place").textContent = cards.length === 1 ? "The last card on this device" : `${cards.length} cards on this device`;
    find("topic").textContent = card.topic;
    // Rendered and sanitised by the server, as on the review page.
    find("front").innerHTML = card.front;
    find("back").innerHTML = card.back;
    shownAt = performance.now();
    if (focus) find("front").focus({ preventScroll: true });
  }

  // What this device keeps for the coming days, in a sentence.
  async function later() {
    const coming = (await kept()).filter((one) => !isOpen(one));
    if (!coming.length) return "";
    const day = new Date(Math.min(...coming.map((one) => one.opens)));
    const first = new Intl.DateTimeFormat("en", { weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(day);
    return `${coming.length === 1 ? "One more card is" : `${coming.length} more cards are`} kept for the coming days, from ${first} on.`;
  }

  async function finish() {
    const more = await later();
    find("title").textContent = more ? "That is all for today" : "That is all on this device";
    find("lead").textContent = `Your ratings wait here and are sent as soon as there is a network. ${more}`;
    find("title").tabIndex = -1;
    find("title").focus();
  }

  async function rate(rating) {
    if (!card || !find("answer").open) return;
    const rated = card;
    card = null; // a second tap rates nothing
    const kept = {
      id: crypto.randomUUID(),
      flashcard: rated.flashcard,
      version: rated.version,
      rating,
      duration_ms: Math.round(performance.now() - shownAt),
      at: Date.now(),
    };
    total += 1;
    // What was forgotten comes again at the end; its next rating builds on this one.
    const again = { ...rated, version: rated.version + 1, place: Date.now() };
    await offline.keep(kept, (cards) => (rating === 1 ? cards.put(again) : cards.delete(rated.flashcard)));
    find("said").textContent = `${["Again", "Hard", "Good", "Easy"][rating - 1]}. Kept on this device.`;
    await show(true);
  }

  async function guides() {
    const device = await offline.about();
    const kept = (device?.titles ?? []).filter((guide) => device.guides?.[guide.url]);
    find("guides").hidden = !kept.length;
    find("guides").querySelector("ul").replaceChildren(...kept.map((guide) => {
      const link = Object.assign(document.createElement("a"), { href: guide.url, textContent: guide.title });
      const row = document.createElement("li");
      row.append(link);
      return row;
    }));
  }

  find("ratings").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) rate(Number(button.value));
  });
  document.addEventListener("toggle", (event) => {
    if (event.target === find("answer") && event.target.open) find("back").focus({ preventScroll: true });
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !card) return;
    if (event.key === " " && !find("answer").open && !event.target.closest("a, button, summary, audio")) {
      event.preventDefault();
      find("answer").open = true;
    } else if ("1234".includes(event.key)) rate(Number(event.key));
  });
  find("again").addEventListener("click", (event) => { event.preventDefault(); location.reload(); });

  // The page leaves by itself only for a network that has held for a second, and never while a followed link is on its way:
  // networks flicker, and a reload would take the link away from under the finger.
  let settling = 0;
  let followed = false;
  addEventListener("online", () => {
    clearTimeout(settling);
    settling = setTimeout(() => { if (!followed) location.reload(); }, 1000);
  });
  addEventListener("offline", () => clearTimeout(settling));
  document.addEventListener("click", (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // another tab or window
    if (event.target.closest("a[href]") && !elsewhere) followed = true;
  });

  offline.ready.then(async () => {
    const isReview = location.pathname === "/review/" || location.pathname === "/offline/";
    const cards = await waiting();
    if (isReview && cards.length) {
      find("title").textContent = "Review, offline";
      find("lead").textContent = "These are the cards that waited when this device was last online.";
    } else if (isReview) find("lead").textContent = `No cards wait on this device. ${await later()}`;
    await show(false);
    await guides(); // last, below the card: nothing moves away under a finger
  });
})();
