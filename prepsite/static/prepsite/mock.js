// A mock interview: the cursor is where one writes, and by voice there is a countdown for the answer. Nothing is recorded;
// the page works without it.
(() => {
  const write = document.querySelector("form[data-answer]:not(:has([data-speak])) textarea, textarea[data-write]");
  if (write && !document.getElementById("answer-error")) {
    // An address with a fragment, such as #next, takes the focus away once it has scrolled there, which is before "load".
    if (location.hash && document.readyState !== "complete") addEventListener("load", goToWrite);
    else goToWrite();
  }

  function goToWrite() {
    // Who hears the page is put into the field before the question was read: the field says what is asked.
    if (!write.matches("[data-write]")) {
      write.setAttribute("aria-describedby", ["asked", write.getAttribute("aria-describedby")].join(" ").trim());
    }
    write.focus({ preventScroll: true });
    write.closest("section, article").scrollIntoView({ block: "nearest" });
  }

  const clock = document.querySelector("[data-timer-text]");
  if (clock && document.querySelector("[data-clock-in-title]")) {
    const title = document.title;
    new MutationObserver(() => { document.title = `${clock.textContent} · ${title}`; }).observe(clock, { childList: true });
  }

  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  const speak = document.querySelector("[data-speak]");
  if (!speak) return;
  const left = speak.querySelector("[data-speak-left]");
  const said = speak.querySelector("[data-speak-said]");
  const start = speak.querySelector("[data-speak-start]");
  const modes = [...speak.querySelectorAll("[data-speak-for]")];
  let seconds = Number((modes.find((mode) => mode.getAttribute("aria-pressed") === "true") ?? modes[0]).dataset.speakFor);
  let begun = 0, ticking = 0;
  speak.querySelector("[data-speak-controls]").hidden = false;

  for (const mode of modes) {
    mode.addEventListener("click", () => {
      seconds = Number(mode.dataset.speakFor);
      for (const one of modes) one.setAttribute("aria-pressed", String(one === mode));
      show();
    });
  }
  start.addEventListener("click", () => {
    if (ticking) return stop();
    begun = performance.now();
    ticking = setInterval(show, 250);
    start.textContent = "Stop";
    said.textContent = "Speak now.";
    show();
  });

  function stop() {
    clearInterval(ticking);
    ticking = 0;
    start.textContent = "Start again";
    said.textContent = `Stopped after ${Math.round((performance.now() - begun) / 1000)} seconds.`;
  }

  function show() {
    if (!ticking) return;
    const rest = Math.round(seconds - (performance.now() - begun) / 1000);
    const clock = `${Math.floor(Math.abs(rest) / 60)}:${String(Math.abs(rest) % 60).padStart(2, "0")}`;
    left.textContent = rest >= 0 ? clock : `${clock} over`;
    left.classList.toggle("speak__left--over", rest < 0);
    if (rest === 0 && said.textContent !== "Come to the end.") said.textContent = "Come to the end.";
  }
})();
