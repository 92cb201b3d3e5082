// Shows what readers will see beside every text area marked data-preview="markdown". The server renders and sanitises;
// this script only asks, a little after the author has stopped typing. Without it the text areas work as they are.
"use strict";

(() => {
  const PAUSE_MS = 350;
  const address = document.querySelector('meta[name="preview-url"]')?.content;
  if (!address) return;

  // Gaps are marked in the prompts of cloze questions and on the fronts of cloze cards.
  const hasGaps = (area) =>
    /(^|-)(prompt|front)$/.test(area.name) && area.form?.elements.namedItem("kind")?.value === "cloze";

  const show = (pane, problems, answer) => {
    pane.innerHTML = answer.html; // sanitised by the renderer, as on every page
    problems.replaceChildren(
      ...answer.problems.map(({ line, message }) => {
        const item = document.createElement("li");
        item.textContent = line ? `Line ${line}: ${message}` : message;
        return item;
      }),
    );
  };

  const attach = (area) => {
    if (area.dataset.previewed || area.name.includes("__prefix__")) return;
    area.dataset.previewed = "yes";
    const pair = document.createElement("div");
    const pane = document.createElement("div");
    const problems = document.createElement("ul");
    const side = document.createElement("div");
    pair.className = "preview-pair";
    pane.className = "preview prose";
    pane.setAttribute("aria-label", "Preview");
    pane.setAttribute("role", "region");
    pane.tabIndex = 0;
    problems.className = "preview-problems";
    problems.setAttribute("aria-live", "polite");
    side.append(pane, problems);
    area.replaceWith(pair);
    pair.append(area, side);

    let timer = 0;
    let asked = 0;
    const refresh = async () => {
      const turn = ++asked;
      const body = new FormData();
      body.set("source", area.value);
      if (hasGaps(area)) body.set("gaps", "1");
      body.set("csrfmiddlewaretoken", area.form.elements.namedItem("csrfmiddlewaretoken").value);
      try {
        const response = await fetch(address, { method: "POST", body, credentials: "same-origin" });
        if (!response.ok) throw new Error(`${response.status}`);
        const answer = await response.json();
        if (turn === asked) show(pane, problems, answer);
      } catch {
        if (turn === asked) show(pane, problems, { html: "", problems: [{ line: 0, message: "No preview just now." }] });
      }
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(refresh, PAUSE_MS);
    };
    area.addEventListener("input", later);
    area.form?.elements.namedItem("kind")?.addEventListener("change", later);
    if (area.value.trim()) refresh();
  };

  const attachAll = () => document.querySelectorAll('textarea[data-preview="markdown"]').forEach(attach);
  document.addEventListener("formset:added", attachAll);
  attachAll();
})();
