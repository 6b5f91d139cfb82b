// SPDX-License-Identifier: EUPL-1.2

// The page shows the documents that the station sends and tells it what is pressed.

import { show, count, refuse, lose } from "./screen.js";
import { listen } from "./stream.js";
import { catchForms, send } from "./press.js";
import { wedge } from "./wedge.js";
import { keypad } from "./keypad.js";
import { speaker } from "./voice.js";
import { sound, chime } from "./tones.js";

const REST = 700; // ms after a new screen in which keys mean nothing
const KEYS = { F1: "left", F2: "middle", F3: "right", F15: "plugged", F16: "unplugged" };

let shown = null;
let arrived = 0;
let heard = {};
const voice = speaker();
const tell = (url, what) => send(url, new URLSearchParams({ ...what, visit: shown.visit }), refuse);
const watch = mirror(document.getElementById("mirror"), document.getElementById("preview"));

listen({
  document(doc) {
    const moved = shown?.stage !== doc.stage;
    if (moved) arrived = performance.now();
    shown = doc;
    show(doc);
    read(doc);
    sound(doc, moved);
    tick(doc.remaining);
    watch(doc.preview ? doc.visit : "");
  },
  beat(remaining) {
    if (shown) tick(remaining);
  },
  lost() {
    shown = null;
    lose();
    read({});
    sound({});
    watch("");
  },
});

// mirror shows the live picture by a worker, so that a busy page does not slow
// it. It returns a function that takes the visit's nonce, or "" to stop.
function mirror(figure, canvas) {
  const worker = new Worker("/assets/preview.js", { type: "module" });
  const pixels = canvas.transferControlToOffscreen();
  worker.postMessage({ pixels }, [pixels]);
  worker.onmessage = ({ data }) => figure.classList.toggle("live", data.live);
  let now = "";
  return (visit) => {
    if (visit === now) return;
    now = visit;
    figure.classList.remove("live");
    worker.postMessage({ visit });
  };
}

// tick counts down; the question whether anybody is there is put to two senses.
function tick(remaining) {
  if (!count(shown, remaining)) return;
  chime();
  if (shown.aloud) voice.say(shown.call, shown.language);
}

// read speaks a new screen whole, and then only what changes on it.
function read(doc) {
  const screen = JSON.stringify([doc.stage, doc.speech, doc.said]);
  const cue = JSON.stringify(doc.cue);
  if (!doc.aloud) voice.hush();
  else if (screen !== heard.screen) voice.say([...doc.speech, ...(doc.cue ?? [])], doc.language);
  else if (cue !== heard.cue) voice.say(doc.cue, doc.language);
  heard = doc.aloud ? { screen, cue } : {};
}

document.addEventListener("keydown", (event) => {
  const key = KEYS[event.key];
  if (!key || !shown) return;
  event.preventDefault();
  if (event.repeat || performance.now() - arrived < REST) return;
  tell("/key", { key });
});

catchForms(refuse);
const languages = document.getElementById("languages");
languages.addEventListener("submit", () => languages.hidePopover());
keypad(document.getElementById("keys"), document.getElementById("typed"));
wedge(() => shown?.code, (code) => tell("/code", { code }));
