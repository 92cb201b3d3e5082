// Reviewing by keyboard, and the next card without a page load. Without this file the page is plain forms.
(() => {
  const status = document.querySelector("[data-review-status]");
  const trouble = document.querySelector("[data-review-trouble]");
  const keys = document.querySelector("[data-review-keys]");
  const review = () => document.querySelector("[data-review]");
  const find = (selector) => review()?.querySelector(selector);
  let shownAt = 0;
  let settling = false; // a new card is on the page, and htmx does not know its forms yet
  let waiting = null; // the latest key pressed meanwhile

  const say = (text) => { status.textContent = text; };

  // One id for each card that is shown: however often a rating is sent, it counts once.
  function prepare() {
    shownAt = performance.now();
    trouble.hidden = true;
    if (crypto.randomUUID) {
      for (const form of review().querySelectorAll("[data-event-form]")) form.elements.event.value = crypto.randomUUID();
    }
    const open = find("[data-open-keys]");
    open.hidden = false;
    open.addEventListener("click", () => keys.showModal());
  }

  document.addEventListener("toggle", (event) => {
    if (!event.target.matches("[data-answer][open]")) return;
    say("");
    find("[data-back]").focus({ preventScroll: true });
    event.target.scrollIntoView({ block: "nearest" });
  }, true);

  function rate(rating) {
    if (!find("[data-ratings]")) return;
    if (find("[data-answer]").open) find(`[name="rating"][value="${rating}"]`).click();
    else say("Show the answer first: press Space.");
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "?") {
      event.preventDefault();
      if (keys.open) keys.close(); else keys.showModal();
      return;
    }
    if (keys.open || event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === " ") {
      // Space on a link or button does what it says there.
      if (event.target.closest("a, button, summary") || !find("[data-answer]") || find("[data-answer]").open) return;
      event.preventDefault();
      find("[data-answer]").open = true;
    } else if ("1234u".includes(event.key)) {
      event.preventDefault();
      // Sent now, the form would be a plain one and load the whole page.
      if (settling) waiting = event.key; else press(event.key);
    }
  });

  function press(key) {
    if (key !== "u") rate(key);
    else if (find("[data-undo]").disabled) say("There is nothing to undo.");
    else find("[data-undo]").click();
  }

  document.addEventListener("submit", (event) => {
    const duration = event.target.elements?.duration_ms;
    if (duration) duration.value = Math.round(performance.now() - shownAt);
  }, true);

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    if (detail.target?.id !== "review") return;
    if (!detail.serverResponse.includes("data-review")) {
      detail.shouldSwap = false;
      if (detail.xhr.status < 400) location.reload(); // signed out in the meantime: the page leads to the sign-in
      else complain();
    } else if (detail.xhr.status < 500) {
      // A refusal brings the card that waits now, with a sentence on what happened.
      detail.shouldSwap = true;
      detail.isError = false;
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "review") return;
    settling = true;
    prepare();
    say(find("[data-refusal]") ? "" : find("[data-said]").textContent);
    window.scrollTo({ top: 0 });
    find("[data-front]").focus({ preventScroll: true });
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "review") return;
    const key = waiting;
    settling = false;
    waiting = null;
    if (key) press(key);
  });

  function complain() {
    trouble.textContent = "That did not get through. Nothing is lost and nothing will count twice: press it again.";
    trouble.hidden = false;
  }
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, complain);

  // A page that comes back from the browser's memory may be hours old.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  prepare();
})();
