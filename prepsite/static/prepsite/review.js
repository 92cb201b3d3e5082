// Reviewing by keyboard, and the next card at once: it is on the page already when the rating leaves for the server. Without
// this file the page is plain forms.
(() => {
  const DOUBLE_TAP_MS = 350;
  const DOUBLE_TAP_PX = 32; // a finger does not hit the same point twice
  const status = document.querySelector("[data-review-status]");
  const trouble = document.querySelector("[data-review-trouble]");
  const keys = document.querySelector("[data-review-keys]");
  const review = () => document.querySelector("[data-review]");
  const find = (selector) => review().querySelector(selector);
  const outbox = globalThis.reviewOutbox(complain);
  let shownAt = 0;
  let swappedAt = -Infinity;
  let tapped = [-Infinity, -Infinity]; // where the last click was
  let busy = false; // the next card is not known yet
  let waiting = null; // the latest key pressed meanwhile

  const say = (text) => { status.textContent = text; };
  const nameOf = (article) => article && `${article.dataset.card}/${article.dataset.version}`;

  // One id for each thing that can be done: however often it is sent, it counts once.
  function prepare() {
    shownAt = performance.now();
    if (crypto.randomUUID) {
      for (const form of review().querySelectorAll("[data-event-form]")) form.elements.event.value = crypto.randomUUID();
    }
    const open = find("[data-open-keys]");
    open.hidden = false;
    open.onclick = () => keys.showModal();
  }

  document.addEventListener("toggle", (event) => {
    if (!event.target.matches("[data-answer][open]")) return;
    say("");
    find("[data-back]").focus({ preventScroll: true });
    event.target.scrollIntoView({ block: "nearest" });
  }, true);

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-act]") || !review().contains(event.target)) return;
    event.preventDefault();
    act(event.target, event.submitter);
  });

  // The second half of a double tap must not land on whatever has just come to lie under the finger.
  document.addEventListener("click", (event) => {
    if (event.detail === 0) return;
    const [x, y] = tapped;
    tapped = [event.clientX, event.clientY];
    const near = Math.hypot(event.clientX - x, event.clientY - y) < DOUBLE_TAP_PX;
    if (!near || performance.now() - swappedAt > DOUBLE_TAP_MS) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  async function act(form, submitter) {
    if (busy) { outbox.again(); return; }
    const { elements } = form;
    if (elements.duration_ms) elements.duration_ms.value = Math.round(performance.now() - shownAt);
    if (elements.open) elements.open.value = find("[data-answer]")?.open ? "1" : "";
    const body = new URLSearchParams(new FormData(form, submitter));
    const leftOut = body.has("missed") && !body.has("sure") && body.get("rating") !== "1";
    const ahead = form.matches("[data-ratings]") && !leftOut && find("[data-ahead]");
    if (ahead) showAhead(ahead);
    else busy = true;
    review().setAttribute("aria-busy", "true");
    arrive(await outbox.send(form.action, body));
  }

  function showAhead(template) {
    const card = template.content.cloneNode(true);
    const [article, form] = [card.querySelector("article"), card.querySelector("[data-ratings]")];
    for (const old of review().querySelectorAll("[data-refusal], [data-leech], .review__last, .review__said")) old.remove();
    find("article").replaceWith(article);
    find("[data-ratings]").replaceWith(form);
    template.remove();
    swappedAt = performance.now();
    prepare();
    say("");
    meet();
  }

  function meet() {
    window.scrollTo({ top: 0 });
    (find("[data-answer]")?.open ? find("[data-back]") : find("[data-front]")).focus({ preventScroll: true });
  }

  function arrive({ status: code, html }) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.querySelector("[data-review]");
    if (!fresh) {
      busy = false;
      if (code < 400) location.reload(); // signed out in the meantime: the page leads to the sign-in
      else tell("The page is out of date. Nothing is lost: load it again, please.");
      return;
    }
    if (outbox.size) return; // a later answer is on its way, and knows more
    const shown = find("article");
    const same = !busy && shown && nameOf(shown) === nameOf(fresh.querySelector("article"));
    if (same) keepCard(fresh);
    else {
      review().replaceWith(document.adoptNode(fresh));
      prepare();
    }
    busy = false;
    say(find("[data-refusal]") ? "" : find("[data-said]").textContent);
    if (!same) meet();
    document.dispatchEvent(new CustomEvent("review:shown"));
    const key = waiting;
    waiting = null;
    if (key) press(key);
  }

  /** The card on the page is the one that the server gives: only what stands around it is new. */
  function keepCard(fresh) {
    const active = document.activeElement;
    const [article, form] = [find("article"), find("[data-ratings]")];
    const intervals = fresh.querySelectorAll(".review__interval");
    form.querySelectorAll(".review__interval").forEach((one, place) => { one.textContent = intervals[place].textContent; });
    fresh.querySelector("article").replaceWith(article);
    fresh.querySelector("[data-ratings]").replaceWith(form);
    review().replaceWith(document.adoptNode(fresh));
    const event = form.elements.event.value;
    const since = shownAt;
    prepare();
    form.elements.event.value = event;
    shownAt = since;
    if (active && review().contains(active)) active.focus({ preventScroll: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const writes = event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox])");
    if (event.key === "Escape" && writes && find("[data-more]")) {
      find("[data-more]").open = false;
      find("[data-front]").focus();
      return;
    }
    if (event.key === "?" && !writes) {
      event.preventDefault();
      if (keys.open) keys.close(); else keys.showModal();
      return;
    }
    if (keys.open || writes) return;
    if (event.key === " ") {
      // Space on a link, button or player does what it says there.
      if (event.target.closest("a, button, summary, input, audio") || !find("[data-answer]") || find("[data-answer]").open) return;
      event.preventDefault();
      if (busy) waiting = event.key; else find("[data-answer]").open = true;
    } else if ("1234ursbfnei/".includes(event.key)) {
      event.preventDefault();
      if (busy) { waiting = event.key; outbox.again(); } else press(event.key);
    }
  });

  function press(key) {
    if (key === " ") { if (find("[data-answer]")) find("[data-answer]").open = true; }
    else if ("1234".includes(key)) rate(key);
    else ACTS[key]();
  }

  function rate(rating) {
    if (!find("[data-ratings]")) return;
    const button = find(`[name="rating"][value="${rating}"]`);
    if (!find("[data-answer]").open) say("Show the answer first: press Space.");
    else if (button) button.click();
    else say("This practice knows 1 and 3 alone.");
  }

  const clickOr = (selector, otherwise) => {
    const button = find(selector);
    if (!button || button.disabled) say(otherwise);
    else button.click();
  };
  const write = (selector) => {
    if (!find(selector)) return;
    find("[data-more]").open = true;
    find(selector).focus();
  };
  const ACTS = {
    u: () => clickOr("[data-undo]", "There is nothing to undo."),
    r: () => clickOr("[data-redo]", "There is nothing to redo."),
    s: () => clickOr("[data-key-s]", ""),
    b: () => clickOr("[data-key-b]", ""),
    f: () => {
      const flags = [...review().querySelectorAll(".card-acts__flags button")];
      const now = flags.findIndex((one) => one.getAttribute("aria-pressed") === "true");
      flags[(now + 1) % flags.length]?.click();
    },
    n: () => write("[data-note]"),
    e: () => write("[data-report]"),
    i: () => find("[data-card-page]")?.click(),
    "/": () => { location.href = `${find("[data-browse]").href}#q`; },
  };

  function complain(number) {
    if (!number) { trouble.hidden = true; return; }
    const many = number === 1 ? "One thing you did has" : `${number} things you did have`;
    tell(`That did not get through: ${many} not reached the server yet. Nothing is lost and nothing will count twice; it is tried again.`);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.textContent = "Try now";
    button.addEventListener("click", () => outbox.again());
    trouble.append(" ", button);
  }

  function tell(text) {
    trouble.textContent = text;
    trouble.hidden = false;
  }

  // A rating pressed for a card that has not come yet has nobody to carry it.
  addEventListener("beforeunload", (event) => { if (waiting && waiting !== " ") event.preventDefault(); });

  // A page that comes back from the browser's memory may be hours old.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  prepare();
})();
