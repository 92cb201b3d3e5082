// An attempt and its verdict: sent from the workbench, watched case by case as it is graded, and asked for again where a
// queue grades it or the connection broke. On an attempt's own page there is no editor, only the watching.
(() => {
  const result = document.getElementById("result");
  const said = document.getElementById("result-said");
  const refusal = document.getElementById("refusal");
  const bench = window.Workbench || null;
  const LINES = "application/x-ndjson";
  const ASK = { first: 250, most: 1500, growth: 1.4, afterFailure: 3000 }; // milliseconds between two questions
  const TRIES = 40; // for a place, before giving up
  const UNNOTICED = 100; // milliseconds that pass as at once: a verdict within them needs nothing shown before it
  const SAID = {
    offline: "The site cannot be reached, so nothing was run. Your text is kept in this browser; try again in a moment.",
    stale: "This page has been open too long. Your text is kept; load the page again and send it once more.",
    broken: "The site could not answer, so nothing was graded. Your text is kept; try again in a moment.",
    asking: "The verdict cannot be fetched at the moment. Your attempt is kept; this page goes on asking.",
    gone: "This attempt cannot be found any more. You may have been signed out; your text is kept in this browser.",
    full: "There is still no free place. Your text is kept; please send it again later.",
  };
  let shown = 0; // the number of the attempt in the panel; what belongs to an earlier one is not drawn
  let sent = bench && bench.resultIsCurrent ? bench.editor.text() : null;
  let isSending = false;
  const running = new Set(); // what was sent and has no verdict yet
  let waiting = null; // an attempt that found no free place

  const pause = (milliseconds) => new Promise((resume) => { setTimeout(resume, milliseconds); });

  // Drawing

  let coming = null; // the timer and the words of an attempt that was taken and has nothing to show yet

  // It was taken; where it takes longer than anybody notices, say that it is worked on.
  function expect(line) {
    const attempts = document.getElementById("attempts");
    if (attempts) attempts.textContent = Number(attempts.textContent) + 1;
    coming = { headline: line.headline, timer: setTimeout(begin, UNNOTICED) };
  }

  function begin() {
    const panel = document.getElementById("being-graded").content.cloneNode(true);
    panel.querySelector("[data-headline]").textContent = coming.headline;
    result.replaceChildren(panel);
    expectNothing();
    mark();
    document.dispatchEvent(new Event("panel:changed"));
  }

  function expectNothing() {
    if (coming) clearTimeout(coming.timer);
    coming = null;
  }

  function draw(line) {
    if (line.part === "taken") { expect(line); return; }
    if (line.part === "panel") {
      expectNothing();
      result.innerHTML = line.html;
      result.querySelector(".verdict")?.classList.add("verdict--new"); // even where it says what the last one said
      said.textContent = line.headline;
      mark();
    } else {
      if (coming) begin();
      const list = result.querySelector("[data-cases]");
      if (line.part === "case" && list) {
        list.insertAdjacentHTML("beforeend", line.html);
        list.lastElementChild.classList.add("case--new");
        result.firstElementChild.dataset.errorLines = line.error_lines.join(" ");
        mark();
      }
      const headline = result.querySelector("[data-headline]");
      if (headline && headline.textContent !== line.headline) headline.textContent = line.headline;
    }
    document.dispatchEvent(new Event("panel:changed"));
  }

  let marked = ""; // the numbers of the lines that are marked in the editor, as the report tells them

  function mark() {
    if (!bench) return;
    const report = result.querySelector("[data-error-lines]");
    const lines = report && sent === bench.editor.text() ? report.dataset.errorLines : "";
    if (lines || marked) bench.editor.markLines(lines.split(" ").filter(Boolean).map(Number));
    marked = lines;
  }

  function refuse(sentence) {
    if (!refusal) { said.textContent = sentence; return; }
    const paragraph = document.createElement("p");
    paragraph.className = "notice notice--weak";
    paragraph.textContent = sentence;
    showRefusal(paragraph);
  }

  // Above the editor, which on a phone may have been scrolled past it.
  function showRefusal(notice) {
    refusal.replaceChildren(notice);
    refusal.scrollIntoView({ block: "nearest" });
  }

  // Watching

  async function* linesOf(response) {
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop();
      for (const line of lines) yield JSON.parse(line);
    }
  }

  // Draw what comes, if this attempt is still the one in the panel. True once it has its verdict.
  async function follow(response, number, news) {
    for await (const line of linesOf(response)) {
      if (line.part === "taken") news.url = line.news;
      if (line.part === "case") news.seen += 1;
      if (number === shown) draw(line);
      if (line.part === "panel") return true;
    }
    return false;
  }

  // Ask for what is new until the verdict is there.
  async function ask(number, news) {
    let wait = ASK.first;
    let failed = false;
    while (news.url) {
      await pause(wait);
      const seen = news.seen;
      try {
        const response = await fetch(`${news.url}?seen=${seen}`, { headers: { Accept: LINES } });
        if (response.status === 404) { if (number === shown) refuse(SAID.gone); return; }
        if (!response.ok) throw new Error(String(response.status));
        if (failed && refusal) refusal.replaceChildren();
        failed = false;
        if (await follow(response, number, news)) return;
        wait = news.seen > seen ? ASK.first : Math.min(ASK.most, wait * ASK.growth);
      } catch {
        if (number === shown && !failed) refuse(SAID.asking);
        failed = true;
        wait = ASK.afterFailure;
      }
    }
  }

  // Sending

  async function send(attempt) {
    if (isSending) return;
    isSending = true;
    const timer = setTimeout(() => bench.busy(true), UNNOTICED);
    stopWaiting();
    refusal.replaceChildren();
    let response = null;
    // Sent again, it leaves the draft alone, which may have been written on meanwhile.
    const before = bench.base;
    const isFirst = attempt.tries === 0;
    attempt.body.set("csrfmiddlewaretoken", bench.token());
    attempt.body.set("base", isFirst ? before : attempt.text);
    if (isFirst) bench.base = attempt.text;
    try {
      const body = new URLSearchParams(attempt.body); // all of it is text, and read sooner than parts of a form are
      response = await fetch(bench.form.action, { method: "POST", body, headers: { Accept: LINES } });
    } catch { /* no connection: said below */ }
    isSending = false;
    clearTimeout(timer);
    bench.busy(false);
    if ((response === null || response.status === 422) && bench.base === attempt.text) bench.base = before;
    if (response === null) refuse(SAID.offline);
    else if (response.ok && (response.headers.get("Content-Type") || "").startsWith(LINES)) await watch(response, attempt);
    else await explain(response, attempt);
  }

  async function watch(response, attempt) {
    const number = shown = shown + 1;
    expectNothing();
    const news = { url: "", seen: 0 };
    sent = attempt.text;
    running.add(attempt.key);
    bench.accepted(attempt.text);
    if (response.headers.get("X-Draft-Put-Aside") === "1" && attempt.body.get("base")) bench.overtaken();
    comeIntoView();
    let isDone = false;
    try { isDone = await follow(response, number, news); } catch { /* the stream broke off: ask instead */ }
    if (!isDone) await ask(number, news);
    running.delete(attempt.key);
    if (waiting) sendWaiting();
  }

  async function explain(response, attempt) {
    const isAnswer = (response.headers.get("Content-Type") || "").startsWith("application/json");
    const answer = isAnswer ? await response.json() : {};
    if (answer.sign_in) location.assign(answer.sign_in);
    else if (answer.wait_seconds) waitFor(answer, attempt);
    else refuse(answer.refusal || (response.status === 403 ? SAID.stale : SAID.broken));
  }

  // No free place: the attempt waits here and goes off by itself, and the page counts down to it.
  function waitFor(answer, attempt) {
    attempt.tries += 1;
    if (attempt.tries > TRIES) { refuse(SAID.full); return; }
    const notice = document.getElementById("countdown").content.firstElementChild.cloneNode(true);
    const seconds = notice.querySelector("[data-seconds]");
    notice.querySelector("[data-why]").textContent = answer.refusal;
    notice.querySelector("[data-cancel]").addEventListener("click", () => { stopWaiting(); refusal.replaceChildren(); });
    let left = answer.wait_seconds;
    seconds.textContent = left;
    showRefusal(notice);
    waiting = { attempt, timer: setInterval(() => {
      left -= 1;
      seconds.textContent = Math.max(0, left);
      if (left <= 0) sendWaiting();
    }, 1000) };
  }

  function sendWaiting() {
    const { attempt } = waiting;
    stopWaiting();
    send(attempt);
  }

  function stopWaiting() {
    if (waiting) clearInterval(waiting.timer);
    waiting = null;
  }

  // The verdict appears below the editor, which may be below the edge of the window.
  function comeIntoView() {
    const panel = document.getElementById("result-panel");
    if (panel.getBoundingClientRect().top > window.innerHeight - 160) panel.scrollIntoView({ block: "center" });
  }

  if (bench) {
    bench.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const body = new FormData(bench.form, event.submitter);
      const text = bench.editor.text();
      body.set("source", text);
      const size = new Blob([text]).size;
      if (size > bench.maxBytes) { // refused here, so that a huge text does not travel at all
        refuse(`Your code is ${(size / 1024).toFixed(1)} KiB; a lab takes at most ${bench.maxBytes / 1024} KiB. It was not run.`);
        return;
      }
      const key = JSON.stringify([body.get("kind"), text, body.get("scratch")]);
      if (!running.has(key)) send({ body, text, key, tries: 0 }); // the same again has its verdict under way
    });
    mark();
  }
  const unfinished = result.querySelector("[data-news]");
  if (unfinished) ask(shown, { url: unfinished.dataset.news, seen: Number(unfinished.dataset.seen) });
})();
