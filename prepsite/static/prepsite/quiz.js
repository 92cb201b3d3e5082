// What makes a question page comfortable: drafts save themselves, the timer counts along, keys choose, points add up.
// Everything works without it: buttons save, and the server decides what is late and what a tick is worth.
(() => {
  const form = document.querySelector("form[data-answer]");
  if (form) {
    stayWithoutNetwork(form);
    keepDraft(form);
    useKeys(form);
    sendOnce(form);
  }
  const rubric = document.querySelector("form[data-rubric]");
  if (rubric) addUp(rubric);
  const timer = document.querySelector("[data-seconds-left]");
  if (timer) countDown(timer);
  const choice = document.querySelector("form[data-fits]");
  if (choice) countAlong(choice);
  document.getElementById("answer-error")?.focus();
  // By keyboard the points come next after the answer, not after the whole of the page's head; nothing scrolls.
  document.querySelector("[data-begin-here]")?.focus({ preventScroll: true });
  keepPageWithoutNetwork();
  openForPrint();

  /** Save what is written a moment after the last key, and once more when the page is left. One request at a time. */
  function keepDraft(form) {
    const url = form.dataset.autosave;
    if (!url) return;
    const said = form.querySelector("[data-saved]");
    let dirty = false, busy = false, leaving = false, signedOut = false, pause = 0;
    const body = () => {
      const data = new FormData(form);
      data.set("draft", "1");
      return data;
    };
    const save = async () => {
      if (busy || leaving || !dirty) return;
      busy = true;
      dirty = false;
      try {
        const answer = await fetch(url, { method: "POST", body: body(), headers: { Accept: "application/json" } });
        signedOut = answer.redirected || answer.status === 403;
        if (answer.ok && !answer.redirected) {
          const { saved, message } = await answer.json();
          said.textContent = saved ? (dirty ? "" : `Draft saved ${clock()}. ${message}`.trim()) : message;
        } else if (answer.status === 422) {
          said.textContent = (await answer.json()).message;
        } else {
          said.textContent = signedOut
            ? "Not saved: you are signed out. Copy your answer and sign in again."
            : "Not saved yet: the server could not be reached.";
          dirty = true;
        }
      } catch {
        said.textContent = "Not saved yet: no connection. It is tried again.";
        dirty = true;
      }
      busy = false;
      if (dirty) later(5000);
    };
    const later = (milliseconds) => {
      clearTimeout(pause);
      pause = setTimeout(save, milliseconds);
    };
    form.addEventListener("input", () => {
      dirty = true;
      later(700);
    });
    form.addEventListener("submit", (event) => {
      if (signedOut) { // The page of signing in would come, and what was not saved would be gone.
        event.preventDefault();
        event.stopImmediatePropagation();
        said.textContent = "Not sent: you are signed out. Copy your answer, sign in again and paste it.";
      } else leaving = true;
    });
    addEventListener("online", save);
    addEventListener("pageshow", () => { leaving = false; });
    addEventListener("pagehide", () => {
      if (dirty && !leaving) navigator.sendBeacon(url, body());
    });
    const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }

  /** Without a network a commit would end on the browser's own page of errors; the answer stays here and says so. */
  function stayWithoutNetwork(form) {
    const said = form.querySelector("[data-saved]");
    form.addEventListener("submit", (event) => {
      if (navigator.onLine || !said) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      said.textContent = "No connection: nothing was sent, and your answer stays here. Commit it when you are back.";
    });
  }

  /** Without a network the browser's own page of errors would come, and what was ticked or chosen would be gone. */
  function keepPageWithoutNetwork() {
    for (const form of document.querySelectorAll("main form[method=post]:not([data-answer])")) {
      form.addEventListener("submit", (event) => {
        if (navigator.onLine) return;
        event.preventDefault();
        const said = form.querySelector("[data-no-network]") ?? form.appendChild(document.createElement("p"));
        said.dataset.noNetwork = "";
        said.className = "notice notice--shaky";
        said.role = "alert";
        said.textContent = "No connection: nothing was sent, and this page stays as it is. Try again when you are back.";
      });
    }
  }

  /** Enter in a gap leads to the next empty one, round the corner if need be, and from the last to the button: what is
      committed stays, so it is never committed by the way. */
  function goOn(field) {
    const fields = [...form.querySelectorAll("input[type=text]")];
    const here = fields.indexOf(field);
    const empty = [...fields.slice(here + 1), ...fields.slice(0, here)].find((one) => !one.value.trim());
    if (empty) empty.focus();
    else if (field.value.trim()) form.querySelector("[data-commit]").focus();
  }

  /** Ctrl+Enter commits; the letters printed on the options choose them. Enter leads to where the answer is written. */
  function useKeys(form) {
    const options = [...form.querySelectorAll(".choice")];
    document.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("[data-commit]"));
        return;
      }
      if (event.key === "Enter" && (event.target === document.body || event.target.id === "main")) {
        const field = form.querySelector("textarea, input[type=text]");
        if (!field) return;
        event.preventDefault();
        field.focus();
        return;
      }
      if (event.key === "Enter" && !event.isComposing && event.target.matches("#answer input[type=text]")) {
        event.preventDefault();
        goOn(event.target);
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
      if (event.target.closest("textarea, select, input[type=text], input[type=number]")) return;
      const option = options[event.key.toUpperCase().charCodeAt(0) - 65];
      if (option) {
        event.preventDefault();
        const input = option.querySelector("input");
        input.click();
        input.focus();
      }
    });
  }

  /** A second click while the first is on its way does nothing. */
  function sendOnce(form) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
    });
    addEventListener("pageshow", () => { sent = false; });
  }

  function addUp(form) {
    const points = form.querySelector("[data-rubric-points]");
    const bar = form.querySelector("[data-rubric-bar]");
    const words = form.querySelector("[data-rubric-words]");
    const show = () => {
      let sum = 0;
      for (const box of form.querySelectorAll("input[data-weight]:checked")) sum += Number(box.dataset.weight);
      sum = Math.min(sum, 10);
      points.textContent = sum;
      bar.value = sum;
      if (sum >= 9) words.textContent = "Outstanding: what an interviewer remembers.";
      else if (sum >= 6) words.textContent = "Adequate: above the line.";
      else words.textContent = `${6 - sum} more to the line of an adequate answer.`;
    };
    form.addEventListener("change", show);
    show();
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[type=submit]"));
    });
  }

  /** How many questions fit, a moment after each change. Only the last answer counts, and none once the quiz starts:
      a plain request, because htmx logs as an error what is left unfinished on purpose. */
  function countAlong(form) {
    const said = document.getElementById(form.dataset.fits);
    let pause = 0, under = new AbortController();
    const stop = () => {
      clearTimeout(pause);
      under.abort();
    };
    const count = async () => {
      under = new AbortController();
      const wanted = new URLSearchParams(new FormData(form));
      wanted.delete("csrfmiddlewaretoken");
      wanted.delete("session");
      try {
        const answer = await fetch(`${form.action}?${wanted}`, { headers: { "HX-Request": "true" }, signal: under.signal });
        if (answer.ok && !answer.redirected) said.innerHTML = await answer.text();
      } catch { /* Left unfinished on purpose, or no connection: the server counts again when the quiz starts. */ }
    };
    form.addEventListener("change", () => {
      stop();
      pause = setTimeout(count, 100);
    });
    form.addEventListener("submit", stop);
    addEventListener("pagehide", stop);
  }

  /** Paper has nothing to click: what is folded is printed open, and folded again afterwards. */
  function openForPrint() {
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = [...document.querySelectorAll("details:not([open])")];
      for (const one of folded) one.open = true;
    });
    addEventListener("afterprint", () => {
      for (const one of folded) one.open = false;
    });
  }

  /** Counts along with the server, which gave the seconds that were left when it wrote the page. */
  function countDown(timer) {
    const text = timer.querySelector("[data-timer-text]");
    const said = timer.querySelector("[data-timer-said]");
    const end = performance.now() + 1000 * Number(timer.dataset.secondsLeft);
    let ticking = 0;
    const show = () => {
      const left = Math.max(0, Math.round((end - performance.now()) / 1000));
      const over = left === 0;
      text.textContent = over ? "Time is up" : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left`;
      timer.classList.toggle("timer--low", left <= 60 && !over);
      timer.classList.toggle("timer--over", over);
      if (left === 60) said.textContent = "One minute left.";
      if (over) {
        if (said.textContent || Number(timer.dataset.secondsLeft) > 0) {
          said.textContent = "The time is up. You may go on; answers are now marked as late.";
        }
        clearInterval(ticking);
      }
    };
    ticking = setInterval(show, 1000);
    show();
  }
})();
