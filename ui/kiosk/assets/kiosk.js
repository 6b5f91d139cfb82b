// SPDX-License-Identifier: EUPL-1.2

// The page shows the documents that the station sends and tells it what is pressed.

import { show, refuse, lose } from "./screen.js";
import { count } from "./clock.js";
import { listen } from "./stream.js";
import { catchForms, sendCode } from "./press.js";
import { wedge } from "./wedge.js";
import { keypad } from "./keypad.js";
import { mirror } from "./mirror.js";

let shown = null;
const watch = mirror(document.getElementById("mirror"), document.getElementById("preview"));

listen({
  document(doc) {
    shown = doc;
    show(doc);
    count(doc, doc.remaining);
    watch(doc.preview ? doc.visit : "");
  },
  beat(remaining) {
    if (shown) count(shown, remaining);
  },
  lost() {
    shown = null;
    lose();
    watch("");
  },
});

catchForms(refuse);
const languages = document.getElementById("languages");
languages.addEventListener("submit", () => languages.hidePopover());
keypad(document.getElementById("keys"), document.getElementById("typed"));
wedge(() => shown?.code, (code) => sendCode(code, shown.visit, refuse));
