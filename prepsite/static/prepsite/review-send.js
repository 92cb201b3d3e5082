// What goes to the server from the review page, one after the other and none lost: whatever does not get through waits
// here and is sent again. The server knows each by its id, so that sending twice counts once.
(() => {
  const AGAIN_MS = 5000;

  /** `onTrouble(number)` is told how many wait while the connection is away, and 0 once all went through. */
  function outbox(onTrouble) {
    const waiting = [];
    let running = false, stuck = false, timer = 0;

    async function deliver({ url, body }) {
      // `keepalive`: what is on its way arrives although the page has been left meanwhile.
      const answer = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin", keepalive: true });
      if (answer.status >= 500) throw new Error(`${answer.status}`);
      return { status: answer.status, html: await answer.text() };
    }

    async function run() {
      if (running) return;
      running = true;
      clearTimeout(timer);
      while (waiting.length) {
        try {
          const answer = await deliver(waiting[0]);
          if (stuck) { stuck = false; onTrouble(0); }
          waiting.shift().arrived(answer);
        } catch {
          if (await globalThis.offline?.takeOver(waiting)) {
            waiting.length = 0; // the device keeps them; what it took along is reviewed without a network
            location.assign("/review/");
            return;
          }
          stuck = true;
          onTrouble(waiting.length);
          timer = setTimeout(run, AGAIN_MS);
          break;
        }
      }
      running = false;
    }

    addEventListener("online", run);
    // Only what has not been sent could be lost: the first one is on its way unless the connection is away.
    addEventListener("beforeunload", (event) => { if (stuck || waiting.length > 1) event.preventDefault(); });

    return {
      send: (url, body) => new Promise((arrived) => {
        waiting.push({ url, body, arrived });
        if (stuck) onTrouble(waiting.length);
        run();
      }),
      again: run,
      get size() { return waiting.length; },
      get stuck() { return stuck; },
    };
  }

  globalThis.reviewOutbox = outbox;
})();
