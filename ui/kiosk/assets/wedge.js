// SPDX-License-Identifier: EUPL-1.2

const PAUSE = 400; // ms between two keys that still belong to one scan
const SHORTEST = 9; // characters: a Terminkennung

// wedge takes what a scanner that poses as a keyboard types anywhere on the
// page. Keys meant for a control are left to it.
export function wedge(wanted, found) {
  let typed = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (!wanted() || event.target.matches("input") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.timeStamp - last > PAUSE) typed = "";
    last = event.timeStamp;
    if (event.key === "Enter" && typed.length >= SHORTEST) {
      event.preventDefault();
      found(typed);
      typed = "";
    } else if (event.key.length === 1 && (typed || event.key !== " ")) {
      event.preventDefault();
      typed += event.key;
    }
  });
}
