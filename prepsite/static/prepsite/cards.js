// The search field by key, ticking a whole page, and a preview while a card is written. Without it there are plain forms.
(() => {
  const PAUSE_MS = 350;
  const search = document.querySelector("[data-search]");
  if (search) {
    if (location.hash === "#q") search.focus();
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
      event.preventDefault();
      search.focus();
      search.select();
    });
  }

  const bulk = document.querySelector("[data-bulk]");
  if (bulk) {
    const all = bulk.querySelector("[data-all]");
    const boxes = [...bulk.querySelectorAll("[name=card]")];
    const said = bulk.querySelector("[data-ticked]");
    const count = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      said.textContent = ticked ? `${ticked} ticked` : "";
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    all.hidden = bulk.querySelector("[data-all-label]").hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      count();
    });
    bulk.addEventListener("change", (event) => { if (event.target !== all) count(); });
    count();
  }

  const form = document.querySelector("[data-own-card]");
  if (form) {
    const pane = document.querySelector("[data-preview-pane]");
    form.querySelector("[data-no-script]").hidden = true;
    let pause = 0, turn = 0;
    const show = async () => {
      const mine = ++turn;
      try {
        const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
        const html = await answer.text();
        if (answer.ok && !answer.redirected && mine === turn) pane.innerHTML = html; // sanitised by the renderer
      } catch { /* No connection: the last preview stays, and saving says what is wrong. */ }
    };
    form.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(show, PAUSE_MS);
    });
    addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }
})();
