// SPDX-License-Identifier: EUPL-1.2

// Keeps the board up to date and sounds at a call. Without this script the page
// is loaded anew every ten seconds.

const board = document.getElementById("board");
const said = document.getElementById("said");
const sound = document.getElementById("sound");
let audio = null;

/** Two tones, high and low, as a gong has. */
function gong() {
  if (audio?.state !== "running") return;
  for (const [n, hertz] of [784, 587].entries()) {
    const [tone, volume, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + n * 0.45];
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.5, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 1.2);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 1.2);
  }
}

/** A browser lets a page sound only after somebody touched it, or where it was told so. */
async function listen() {
  audio ??= new AudioContext();
  const waits = new Promise((resolve) => setTimeout(resolve, 500));
  await Promise.race([audio.resume(), waits]);
  sound.setAttribute("aria-pressed", String(audio.state === "running"));
}

/** Everybody who is called and has not come, each call once. */
const calls = (part) => [...part.querySelectorAll("[data-call]")].map((row) => row.dataset.call);

function show(html) {
  const fresh = document.createElement("div");
  fresh.innerHTML = html;
  const before = calls(board);
  const called = calls(fresh).some((call) => !before.includes(call));
  board.replaceChildren(...fresh.childNodes);
  if (!called) return;
  const newest = board.querySelector(".newest");
  newest.classList.add("newest--call");
  said.textContent = newest.textContent; // for those who hear the page
  gong();
}

if (board) {
  sound.hidden = false;
  sound.addEventListener("click", async () => {
    if (sound.getAttribute("aria-pressed") === "true") {
      await audio.suspend();
      sound.setAttribute("aria-pressed", "false");
      return;
    }
    await listen();
    gong();
  });
  if (new URLSearchParams(location.search).get("sound") === "on") listen();
  const stream = new EventSource(board.dataset.stream);
  stream.addEventListener("board", (event) => show(JSON.parse(event.data)));
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 10000);
  });
}
