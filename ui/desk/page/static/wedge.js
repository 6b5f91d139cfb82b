// SPDX-License-Identifier: EUPL-1.2

const PAUSE = 400; // ms between two keys that still belong to one code outside of fields
const BURST = 50; // ms between two keys of a scanner, which types faster than anybody
const CODE = /^(FB1:.{20,}|[0-9A-Za-z]{3}[ -]?[0-9A-Za-z]{3}[ -]?[0-9A-Za-z]{3})$/i;

/** Takes what a scanner that poses as a keyboard types, wherever the focus is;
 *  the search field itself needs no help. */
export function wedge(search) {
  let typed = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target === search || event.ctrlKey || event.altKey || event.metaKey) return;
    const field = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (event.timeStamp - last > (field ? BURST : PAUSE)) typed = "";
    last = event.timeStamp;
    if (event.key === "Enter" && CODE.test(typed)) {
      event.preventDefault();
      search.value = typed;
      search.form.requestSubmit();
      typed = "";
    } else if (event.key.length === 1 && (typed || event.key !== " ")) {
      if (!field) event.preventDefault();
      typed += event.key;
    }
  }, { capture: true });
}
