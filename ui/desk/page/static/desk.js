// SPDX-License-Identifier: EUPL-1.2

// Keeps the day's list and the countdowns up to date. Without this script every
// page works and shows what it knew when it was loaded.

/** Follows a stream of lists; show gets the fragment of each. */
function follow(address, show) {
  const stream = new EventSource(address);
  stream.addEventListener("list", (event) => {
    const fresh = document.createElement("div");
    fresh.innerHTML = JSON.parse(event.data);
    show(fresh);
  });
  // The session is over: the page itself then asks to sign in.
  stream.addEventListener("over", () => location.reload());
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  });
}

/** Swaps the list and keeps the focus on the same row. */
function swap(list, fresh) {
  if (list.innerHTML.trim() === fresh.innerHTML.trim()) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.id : "";
  list.replaceChildren(...fresh.childNodes);
  if (focused) document.getElementById(focused)?.focus();
}

/** Says how many photos wait, in the tab's title too. */
function tell(status, rows) {
  const text = rows.dataset.status + " " + status.dataset.live;
  if (status.textContent !== text) status.textContent = text;
  const waiting = rows.dataset.waiting;
  document.title = (waiting === "0" ? "" : `(${waiting}) `) + document.title.replace(/^\(\d+\) /, "");
}

/** The time left in words, as the server says it. */
function left(until) {
  const words = document.body.dataset;
  const minutes = Math.floor((until - Date.now()) / 60000);
  if (minutes < 0) return words.over;
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (d > 0) return `${d} ${words.days} ${h} ${words.hours}`;
  if (h > 0) return `${h} ${words.hours} ${m} ${words.minutes}`;
  return `${m} ${words.minutes}`;
}

function count() {
  for (const time of document.querySelectorAll("time[data-left]")) {
    const text = left(new Date(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}

const list = document.getElementById("list");
const waiting = document.getElementById("follow");
if (list) {
  const status = document.getElementById("status");
  follow(list.dataset.stream, (fresh) => {
    swap(list, fresh);
    tell(status, list.querySelector(".rows"));
  });
} else if (waiting) {
  follow(waiting.dataset.stream, (fresh) => {
    const row = fresh.querySelector("#" + CSS.escape(waiting.dataset.row));
    if (row && row.dataset.state !== "none" && row.dataset.state !== "unwanted") location.assign(waiting.dataset.follow);
  });
}
count();
setInterval(count, 10000);
