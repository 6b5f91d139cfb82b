// SPDX-License-Identifier: EUPL-1.2

const PAUSE = 1000; // ms between two keys that still belong to one code
const FAST = 50; // ms between two keys of a scanner, which types faster than anybody
const CODE = /^FB1:.{20,}$/i;
const TYPED = /^[0-9A-Za-z]{3}[ -]?[0-9A-Za-z]{3}[ -]?[0-9A-Za-z]{3}$/;

/** Takes what a scanner that poses as a keyboard types, wherever the focus is;
 *  the search field itself needs no help. The Enter of a scan that was not read
 *  well presses nothing: a code must never take a photo over. */
export function wedge(search) {
  let typed = "";
  let first = 0;
  let last = 0;
  let swallow = false;
  document.addEventListener("keydown", (event) => {
    swallow = false;
    if (event.target === search || event.ctrlKey || event.altKey || event.metaKey) return;
    const field = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (event.timeStamp - last > PAUSE) typed = "";
    last = event.timeStamp;
    if (typed === "") first = last;
    if (event.key === "Enter" && typed) {
      const scanned = CODE.test(typed) || (TYPED.test(typed) && (!field || last - first < FAST * typed.length));
      swallow = scanned || !field;
      if (scanned) {
        search.value = typed;
        search.form.requestSubmit();
      }
      typed = "";
    } else if (event.key.length === 1 && (typed || event.key !== " ")) {
      swallow = !field || /^FB1:/i.test(typed); // a space in it would open a date's calendar
      typed += event.key;
    }
    if (swallow) event.preventDefault();
  }, { capture: true });
  // A radio button submits its form by this event, whatever became of the one before.
  document.addEventListener("keypress", (event) => {
    if (swallow) event.preventDefault();
  }, { capture: true });
}
