// The workbench around the editor: the draft that is always kept, the keys, the reset, and the marks of a result.
(() => {
  const form = document.querySelector("[data-workbench]");
  if (!form) return;
  const textArea = form.elements.namedItem("source");
  const saved = document.getElementById("saved");
  const scratch = form.elements.namedItem("scratch");
  const buttons = { run: form.querySelector("[value=run]"), submit: form.querySelector("[value=submit]") };
  const { draftUrl, beginAgainUrl, storageKey, visitorKey, savedAt } = form.dataset;
  const opened = textArea.value;
  const owner = form.elements.namedItem("owner").value; // the account that opened this page
  const maxBytes = Number(form.dataset.maxBytes);
  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

  const editor = window.LabEditor.create(textArea, {
    describedBy: "editor-help",
    onChange: changed,
    onRun: () => send("run"),
    onSubmit: () => send("submit"),
  });
  form.classList.add("bench--live");
  if (scratch) scratch.addEventListener("input", () => changed(editor.text()));

  // After signing out and in again, in another tab, the token that came with this page is not valid any more.
  function token() {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return found ? found[1] : form.elements.namedItem("csrfmiddlewaretoken").value;
  }

  // Saving: the site's draft after a pause in typing, and this browser's storage at once, as a net against a lost
  // connection, a closed lid or an expired session.
  const QUIET = 800; // milliseconds without typing before a save
  let timer = 0;
  let failures = 0;
  let savedText = snapshot();
  // The code that the site holds, as far as this page knows: what it was sent last. Something old that was opened is
  // not that.
  let base = form.dataset.restored ? "" : opened;

  // All that is kept: the code and the scratch lines.
  function snapshot() { return JSON.stringify([editor.text(), scratch ? scratch.value : ""]); }

  function say(sentence, state = "") {
    if (saved.textContent !== sentence) saved.textContent = sentence;
    saved.dataset.state = state;
  }

  function stored(key) {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      return kept && typeof kept.source === "string" ? kept : null;
    } catch { return null; }
  }

  function store(text) {
    const kept = { source: text, scratch: scratch ? scratch.value : "", at: Date.now() };
    try { localStorage.setItem(storageKey, JSON.stringify(kept)); return true; } catch { return false; }
  }

  function forget() {
    try {
      localStorage.removeItem(storageKey);
      if (visitorKey) localStorage.removeItem(visitorKey);
    } catch { /* then there was nothing to forget */ }
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
    const now = snapshot();
    if (!draftUrl || now === savedText) return;
    if (new Blob([text]).size > maxBytes) { say("too long to be saved on the site; kept in this browser", "weak"); return; }
    say("saving…");
    const body = new FormData();
    body.set("source", text);
    body.set("base", base);
    body.set("owner", owner);
    const before = base;
    base = text;
    if (scratch) body.set("scratch", scratch.value);
    let response = null;
    try {
      response = await fetch(draftUrl, {
        method: "POST", body, headers: { "X-CSRFToken": token() },
      });
    } catch { /* no connection: said below */ }
    const isAnswer = response !== null && (response.headers.get("Content-Type") || "").startsWith("application/json");
    if (!(isAnswer && response.ok) && base === text) base = before;
    if (isAnswer && response.ok) {
      failures = 0;
      savedText = now;
      if ((await response.json()).put_aside && before) overtaken(); // of something old that was opened it has been said
      if (snapshot() === now) { forget(); say("saved"); }
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

  // Another tab or device had saved meanwhile.
  function overtaken() { document.getElementById("overtaken").hidden = false; }

  function retry() {
    failures += 1;
    timer = setTimeout(save, Math.min(30_000, 1000 * 2 ** failures));
  }

  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" || failures) save(); // failed before, perhaps signed in again meanwhile
  });

  window.addEventListener("offline", () => {
    say("offline: what you write is kept in this browser and saved when the connection is back", "weak");
  });

  // What this browser kept because it never reached the site comes back when the page does; so does what was written
  // here before signing in, which then becomes the account's draft.
  const notice = document.getElementById("unsaved");
  const left = stored(storageKey) || (visitorKey && stored(visitorKey));
  const isNewer = Boolean(left) && (!savedAt || left.at > Date.parse(savedAt));
  const isOtherScratch = Boolean(left && scratch) && typeof left.scratch === "string" && left.scratch !== scratch.value;
  if (isNewer && left.source === opened && isOtherScratch && !form.dataset.restored) { // the code is there, they are not
    scratch.value = left.scratch;
    scratch.closest("details").open = true;
    changed(editor.text());
  }
  if (left && left.source !== opened && !form.dataset.restored) {
    const other = isNewer ? opened : left.source;
    notice.hidden = !draftUrl; // a visitor's text lives here anyway
    notice.querySelector("[data-newer]").hidden = !isNewer;
    notice.querySelector("[data-older]").hidden = isNewer;
    for (const button of notice.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        editor.setText(other);
        notice.hidden = true;
        editor.focus();
      });
    }
    if (isNewer) {
      editor.setText(left.source);
      if (scratch && left.scratch) scratch.value = left.scratch;
    }
  }

  // How many hints have been opened: a pass with hints comes back sooner. A hint that was read stays read when the page
  // is loaded again, as long as the tab is there.
  const hints = [...document.querySelectorAll("details.hint")];
  const hintsField = form.elements.namedItem("hints");
  const hintsKey = storageKey.replace("lab-draft:", "lab-hints:");
  try { hintsField.value = String(Number(sessionStorage.getItem(hintsKey))); } catch { /* they count from here */ }
  hints.forEach((hint, place) => hint.addEventListener("toggle", () => {
    if (!hint.open) return;
    hintsField.value = String(Math.max(Number(hintsField.value), place + 1));
    try { sessionStorage.setItem(hintsKey, hintsField.value); } catch { /* they count until the page is left */ }
  }));

  // Keys, printed on the buttons as this keyboard has them.
  for (const key of form.querySelectorAll("kbd[data-shift]")) {
    key.textContent = isMac ? (key.dataset.shift ? "⇧⌘↵" : "⌘↵") : (key.dataset.shift ? "Ctrl ⇧ ↵" : "Ctrl ↵");
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented || event.repeat) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    send(event.shiftKey ? "submit" : "run");
  });

  function send(kind) {
    const button = buttons[kind];
    if (button && !button.disabled) form.requestSubmit(button);
  }

  // Back to the starter, but only after asking.
  const dialog = document.getElementById("reset");
  const starter = document.getElementById("starter").content.textContent;
  document.querySelector("[data-reset]").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  const wasReset = document.getElementById("was-reset");
  let before = "";
  dialog.addEventListener("close", async () => {
    if (dialog.returnValue !== "reset") return;
    dialog.returnValue = "";
    before = editor.text();
    await save(); // so that the site puts aside what is in the editor now
    editor.setText(starter);
    if (beginAgainUrl) {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", token());
      body.set("owner", owner);
      const response = await fetch(beginAgainUrl, { method: "POST", body, redirect: "manual" }).catch(() => null);
      if (response) base = starter;
    }
    wasReset.hidden = false;
    editor.focus();
  });
  wasReset.querySelector("button").addEventListener("click", () => {
    editor.setText(before);
    wasReset.hidden = true;
    editor.focus();
  });

  // What attempt.js needs of the editor.
  window.Workbench = {
    form,
    editor,
    maxBytes,
    token,
    overtaken,
    get base() { return base; },
    set base(text) { base = text; },
    resultIsCurrent: Boolean(form.dataset.resultIsCurrent),
    // The site keeps as the draft what it accepts as an attempt.
    accepted(text) {
      if (!draftUrl || text !== editor.text()) return;
      savedText = snapshot();
      clearTimeout(timer);
      forget();
      say("saved");
    },
    // Not `disabled`: that would take the focus from the button that was pressed.
    busy(state) {
      for (const button of Object.values(buttons)) {
        if (state) button?.setAttribute("aria-disabled", "true");
        else button?.removeAttribute("aria-disabled");
      }
    },
  };
})();
