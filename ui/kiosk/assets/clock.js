// SPDX-License-Identifier: EUPL-1.2

const NOTICE = 20; // s before the end at which the page asks, as the document's Notice
const at = (id) => document.getElementById(id);

// count shows the seconds that remain: as a question while the station waits
// for a person, as a line when the visit is over.
export function count(doc, remaining) {
  const still = at("still");
  const ask = Boolean(doc.still) && remaining > 0 && remaining <= NOTICE;
  if (ask && !still.open) still.showModal();
  if (!ask && still.open) still.close();
  at("still-count").textContent = doc.words.seconds.replace("{s}", remaining);
  at("more").hidden = !doc.more;
  const closing = at("closing");
  closing.hidden = doc.stage !== "done" || remaining <= 0;
  closing.textContent = doc.words.closing.replace("{s}", remaining);
}
