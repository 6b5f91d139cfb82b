// SPDX-License-Identifier: EUPL-1.2

// Keeps the day's list and the countdowns up to date, takes scans from anywhere and
// goes through the list by arrow keys. Without this script every page works and
// shows what it knew when it was loaded.

import { wedge } from "./wedge.js";

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
  dress(fresh);
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

// The office's clock decides, whatever this machine's says.
const ahead = Date.parse(document.body.dataset.now) - Date.now() || 0;

/** The time left in words, as the server says it. */
function left(until) {
  const words = document.body.dataset;
  const minutes = Math.floor((until - Date.now() - ahead) / 60000);
  if (minutes < 0) return words.over;
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const time = d > 0 ? `${d} ${words.days} ${h} ${words.hours}` : h > 0 ? `${h} ${words.hours} ${m} ${words.minutes}` : `${m} ${words.minutes}`;
  return words.still.replace("%s", time);
}

/** Says the time left, and on buttons the keys as this browser wants them. */
function dress(page) {
  for (const time of page.querySelectorAll("time[data-left]")) {
    const text = left(new Date(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
  for (const key of page.querySelectorAll("kbd[data-key]")) {
    const label = key.closest("[accesskey]")?.accessKeyLabel;
    if (label && key.textContent !== label) key.textContent = label;
  }
}

/** Up and down go from row to row; down from the search field goes to the next citizen. */
function arrows(event) {
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const stops = [...document.querySelectorAll("#next, .list .kern-btn")];
  const at = stops.indexOf(document.activeElement);
  if (at < 0 && document.activeElement !== search && document.activeElement !== document.body) return;
  event.preventDefault();
  const to = at < 0 ? (event.key === "ArrowDown" ? 0 : -1) : at + (event.key === "ArrowDown" ? 1 : -1);
  if (to < 0) search?.focus();
  else stops[Math.min(to, stops.length - 1)]?.focus();
}

const search = document.getElementById("q");
const entrance = document.getElementById("code"); // on the waiting list a scan checks in
if (entrance ?? search) wedge(entrance ?? search);
const list = document.getElementById("list");
const waiting = document.getElementById("follow");
if (document.querySelector(".rows")) document.addEventListener("keydown", arrows);
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
const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
dress(document);
setInterval(() => dress(document), 10000);
