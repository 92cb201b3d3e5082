// The workbench around the editor: the draft that is always kept, the keys, the reset, and the marks of a result.
(() => {
  const form = document.querySelector("[data-workbench]");
  if (!form) return;
  const textArea = form.elements.namedItem("source");
  const saved = document.getElementById("saved");
  const refusal = document.getElementById("refusal");
  const result = document.getElementById("result");
  const buttons = { run: form.querySelector("[value=run]"), submit: form.querySelector("[value=submit]") };
  const { draftUrl, storageKey, savedAt } = form.dataset;
  const opened = textArea.value;
  const maxBytes = Number(form.dataset.maxBytes);
  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

  const editor = window.LabEditor.create(textArea, {
    describedBy: "editor-help",
    onChange: changed,
    onRun: () => send("run"),
    onSubmit: () => send("submit"),
  });
  form.classList.add("bench--live");

  // Saving: the site's draft after a pause in typing, and this browser's storage at once, as a net against a lost
  // connection, a closed lid or an expired session.
  const QUIET = 800; // milliseconds without typing before a save
  let timer = 0;
  let failures = 0;
  let savedText = opened;

  function say(sentence, state = "") {
    saved.textContent = sentence;
    saved.dataset.state = state;
  }

  function stored() {
    try { return JSON.parse(localStorage.getItem(storageKey)); } catch { return null; }
  }

  function store(text) {
    try { localStorage.setItem(storageKey, JSON.stringify({ source: text, at: Date.now() })); return true; } catch { return false; }
  }

  function forget() {
    try { localStorage.removeItem(storageKey); } catch { /* then there was nothing to forget */ }
  }

  function changed(text) {
    const kept = store(text);
    if (!draftUrl) { say(kept ? "kept in this browser" : "not kept: this browser allows no storage", kept ? "" : "weak"); return; }
    say("not saved yet");
    clearTimeout(timer);
    timer = setTimeout(save, QUIET);
  }

  async function save() {
    clearTimeout(timer);
    const text = editor.text();
    if (!draftUrl || text === savedText) return;
    if (new Blob([text]).size > maxBytes) { say("too long to be saved on the site; kept in this browser", "weak"); return; }
    say("saving…");
    const body = new FormData();
    body.set("source", text);
    let response = null;
    try {
      response = await fetch(draftUrl, {
        method: "POST", body, headers: { "X-CSRFToken": form.elements.namedItem("csrfmiddlewaretoken").value },
      });
    } catch { /* no connection: said below */ }
    const isAnswer = response !== null && (response.headers.get("Content-Type") || "").startsWith("application/json");
    if (isAnswer && response.ok) {
      failures = 0;
      savedText = text;
      if (editor.text() === text) { forget(); say("saved"); }
    } else if (isAnswer) {
      say(`${(await response.json()).error} The text is kept in this browser.`, "weak");
    } else if (response !== null && response.status < 500) {
      say("not saved: you are signed out. The text is kept in this browser; sign in again in another tab.", "weak");
      retry();
    } else {
      say("not saved: the site cannot be reached. The text is kept in this browser; trying again.", "weak");
      retry();
    }
  }

  function retry() {
    failures += 1;
    timer = setTimeout(save, Math.min(30_000, 1000 * 2 ** failures));
  }

  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });

  // What this browser kept because it never reached the site comes back when the page does.
  const notice = document.getElementById("unsaved");
  const left = stored();
  if (left && typeof left.source === "string" && left.source !== opened && !form.dataset.restored) {
    const isNewer = !savedAt || left.at > Date.parse(savedAt);
    const other = isNewer ? opened : left.source;
    notice.hidden = false;
    notice.querySelector("[data-newer]").hidden = !isNewer;
    notice.querySelector("[data-older]").hidden = isNewer;
    notice.querySelector("button").addEventListener("click", () => {
      editor.setText(other);
      notice.hidden = true;
      editor.focus();
    });
    if (isNewer) editor.setText(left.source);
    if (!draftUrl) notice.hidden = true; // a visitor's text lives here anyway
  }

  // Keys, printed on the buttons as this keyboard has them.
  for (const key of form.querySelectorAll("kbd[data-shift]")) {
    key.textContent = isMac ? (key.dataset.shift ? "⇧⌘↵" : "⌘↵") : (key.dataset.shift ? "Ctrl ⇧ ↵" : "Ctrl ↵");
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    send(event.shiftKey ? "submit" : "run");
  });

  let isBusy = false;
  let sent = form.dataset.resultIsCurrent ? opened : null;

  function send(kind) {
    const button = buttons[kind];
    if (button) button.click(); // htmx learns from the click which button it was
  }

  // Before the request: refuse here what the site would refuse, so that a huge text does not travel at all.
  document.body.addEventListener("htmx:confirm", (event) => {
    if (event.target !== form) return;
    if (isBusy) { event.preventDefault(); return; }
    refusal.replaceChildren();
    const size = new Blob([editor.text()]).size;
    if (size <= maxBytes) return;
    event.preventDefault();
    refuse(`Your code is ${(size / 1024).toFixed(1)} KiB; a lab takes at most ${maxBytes / 1024} KiB. It was not run.`);
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== form) return;
    sent = editor.text();
    busy(true);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => { if (event.detail.elt === form) busy(false); });

  // Not `disabled`: that would take the focus from the button that was pressed.
  function busy(state) {
    isBusy = state;
    for (const button of Object.values(buttons)) button?.setAttribute("aria-disabled", String(state));
  }

  function refuse(sentence) {
    const paragraph = document.createElement("p");
    paragraph.className = "notice notice--weak";
    paragraph.textContent = sentence;
    refusal.replaceChildren(paragraph);
  }

  // A refusal (422) is an answer to show, not an error to hide.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  const ASKING_AGAIN = "The verdict cannot be fetched at the moment. Your attempt is kept; this page goes on asking.";
  document.body.addEventListener("htmx:sendError", (event) => {
    refuse(event.detail.elt !== form ? ASKING_AGAIN
      : "The site cannot be reached, so nothing was run. Your text is kept in this browser; try again in a moment.");
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    refuse(event.detail.elt !== form ? ASKING_AGAIN : status === 403
      ? "This page has been open too long. Your text is kept; load the page again and send it once more."
      : "The site could not answer, so nothing was graded. Your text is kept; try again in a moment.");
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.target !== result && !result.contains(event.target)) return;
    if (refusal.textContent.includes(ASKING_AGAIN)) refusal.replaceChildren();
    showMarks();
    const attempts = document.getElementById("attempts");
    const report = result.querySelector("[data-attempts]");
    if (attempts && report) attempts.textContent = report.dataset.attempts;
    if (sent === editor.text() && draftUrl) { savedText = sent; clearTimeout(timer); forget(); say("saved"); }
  });

  function showMarks() {
    const report = result.querySelector("[data-error-lines]");
    const lines = report && sent === editor.text() ? report.dataset.errorLines.split(" ").filter(Boolean).map(Number) : [];
    editor.markLines(lines);
  }
  showMarks();

  // Back to the starter, but only after asking.
  const dialog = document.getElementById("reset");
  const starter = document.getElementById("starter").content.textContent;
  document.querySelector("[data-reset]").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "reset") return;
    dialog.returnValue = "";
    editor.setText(starter);
    editor.focus();
  });

  // The split between statement and editor: drag it, or move it with the arrow keys.
  const handle = document.querySelector("[data-split]");
  const bench = handle.parentElement;
  const SPLIT = { least: 25, most: 65, step: 2 };
  function split(percent) {
    const width = Math.min(SPLIT.most, Math.max(SPLIT.least, Math.round(percent)));
    bench.style.setProperty("--statement", `${width}%`);
    handle.setAttribute("aria-valuenow", String(width));
    try { localStorage.setItem("lab-split", String(width)); } catch { /* the split then lasts for this page */ }
  }
  let kept = NaN;
  try { kept = Number(localStorage.getItem("lab-split") || NaN); } catch { /* no storage, no memory of the split */ }
  if (kept) split(kept);
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = bench.getBoundingClientRect();
    split(((event.clientX - box.left) / box.width) * 100);
  });
  handle.addEventListener("keydown", (event) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    split(Number(handle.getAttribute("aria-valuenow")) + direction * SPLIT.step);
  });
})();
