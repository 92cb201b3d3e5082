// What every page shares: the theme switch and the one key that starts the next step.
(() => {
  const button = document.querySelector("[data-theme-switch]");
  if (button) {
    const root = document.documentElement;
    const isDark = () =>
      root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const label = () => { button.textContent = isDark() ? "Light theme" : "Dark theme"; };
    button.hidden = false;
    label();
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.theme); } catch { /* the choice then lasts for this page */ }
      label();
    });
  }
  // On a phone the sections scroll sideways: where one is stands in sight.
  const nav = document.querySelector(".site-nav");
  const here = nav?.querySelector("[aria-current]");
  if (here) nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
  // On a phone what is only looked up is folded away; it opens with a tap, and stands open everywhere else.
  if (matchMedia("(max-width: 760px)").matches) {
    for (const one of document.querySelectorAll("[data-fold-narrow]")) one.open = false;
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target !== document.body && event.target.id !== "main") return;
    const next = document.querySelector("[data-next-step]");
    if (next) { event.preventDefault(); next.click(); }
  });
})();

// What scrolls sideways must be reachable by keyboard: wide tables, code and formulas become tab stops, and only those.
(() => {
  const WIDE = ".prose table, .prose pre, pre, math[display=block], .table-wrap";
  // All are measured before any is changed: each change would have the page laid out again for the next measure.
  const all = () => {
    const measured = [...document.querySelectorAll(WIDE)].map((box) => [box, box.scrollWidth > box.clientWidth + 1]);
    for (const [box, isWide] of measured) {
      if (isWide) box.setAttribute("tabindex", "0");
      else if (!box.hasAttribute("role")) box.removeAttribute("tabindex");
    }
  };
  // Once what is new is on the screen, where it has been laid out anyway.
  const soon = () => requestAnimationFrame(() => setTimeout(all));
  addEventListener("load", all);
  addEventListener("resize", all);
  document.addEventListener("htmx:afterSettle", all);
  document.addEventListener("panel:changed", soon);
  document.addEventListener("toggle", all, true);
  document.fonts?.ready.then(all);
})();
