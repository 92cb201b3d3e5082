// The split between statement and editor: drag it, or move it with the arrow keys. On a narrow screen the parts stand
// one below the other, and the row of links at the top says which of them is being looked at.
(() => {
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
    const now = Number(handle.getAttribute("aria-valuenow"));
    const wanted = {
      ArrowLeft: now - SPLIT.step, ArrowRight: now + SPLIT.step, Home: SPLIT.least, End: SPLIT.most,
    }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    split(wanted);
  });

  const links = new Map();
  for (const link of document.querySelectorAll(".bench-jump a")) {
    links.set(document.getElementById(link.hash.slice(1)), link);
  }
  const inView = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) { if (entry.isIntersecting) inView.add(entry.target); else inView.delete(entry.target); }
    const first = [...links.keys()].find((part) => inView.has(part));
    for (const [part, link] of links) {
      if (part === first) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "-35% 0px -55% 0px" });
  for (const part of links.keys()) observer.observe(part);
})();
