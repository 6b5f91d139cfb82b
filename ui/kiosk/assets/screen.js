// SPDX-License-Identifier: EUPL-1.2

// The screen is what the document says; only text is put in, never markup.

const root = document.documentElement;
const at = (id) => document.getElementById(id);
const NOTICE = 6000; // ms that a refusal stays
const ASK = 20; // s before the end at which the page asks, as session.Notice
const VEIL = 40; // s before the end at which photos are covered

let stage = root.dataset.stage; // the page came with it: what was typed since is kept

// show puts a document on the screen.
export function show(doc) {
  const moved = doc.stage !== stage;
  stage = doc.stage;
  lay(doc);
  speak(doc.words);
  say("title", doc.title);
  say("text", doc.text);
  say("help-text", doc.help);
  say("still-text", doc.still);
  note("problem", doc.problem);
  note("warning", doc.warning);
  hint(doc.hint, doc.hold);
  controls(doc);
  if (moved) arrive();
}

// lay sets what the style sheet decides by.
function lay(doc) {
  Object.assign(root, { lang: doc.language, dir: doc.direction });
  Object.assign(root.dataset, { stage: doc.stage, look: doc.look, calm: doc.calm });
  sign(at("sign"), doc.look || "info");
  say("progress", doc.progress);
  say("spoken", doc.spoken);
  at("way").hidden = !doc.step;
  at("steps").dataset.step = doc.step;
  at("mirror").hidden = !doc.preview;
  at("lost").hidden = true;
  at("speaker").ariaPressed = doc.aloud;
  at("people-open").hidden = !doc.people;
  say("subject", doc.subject);
}

// speak sets the page's own words in the document's language.
function speak(words) {
  for (const node of document.querySelectorAll("[data-word]")) {
    write(node, words[node.dataset.word]);
  }
}

// controls renews what can be pressed and lets it be pressed again.
function controls(doc) {
  children(at("facts"), doc.facts, "new-fact", (node, fact) => {
    sign(node.querySelector("svg"), fact.icon);
    write(node.querySelector("dt"), fact.label);
    write(node.querySelector("dd"), fact.value);
  });
  children(at("tips"), doc.tips, "new-tip", tip);
  children(at("lines"), doc.lines, "", (node, line) => write(node, line));
  children(at("photos"), doc.photos, "new-photo", photo);
  for (const [id, buttons] of Object.entries({ buttons: doc.buttons, aids: doc.aids, bands: doc.people })) {
    children(at(id), buttons, "new-button", control);
  }
  at("offer").hidden = !doc.offer;
  if (doc.offer) tip(at("offer"), { key: doc.offer.icon, text: doc.offer.label });
  for (const field of document.querySelectorAll("input[name=visit]")) field.value = doc.visit;
  for (const button of document.querySelectorAll("button[name=language]")) {
    button.toggleAttribute("aria-current", button.lang === doc.language);
  }
  free();
}

function control(node, button) {
  node.value = button.key;
  node.className = `act ${button.kind}`;
  node.ariaPressed = button.on || null;
  sign(node.querySelector("svg"), button.icon);
  write(node.querySelector("span"), button.label);
}

function photo(node, photo) {
  const choice = node.querySelector("input");
  const image = node.querySelector("img");
  choice.value = photo.number;
  if (image.getAttribute("src") !== photo.url) image.src = photo.url;
  if (node.dataset.chosen !== `${photo.url} ${photo.chosen}`) choice.checked = photo.chosen; // else the person's own choice stays
  node.dataset.chosen = `${photo.url} ${photo.chosen}`;
  write(node.querySelector("b"), photo.label);
  write(node.querySelector(".state"), photo.state);
  children(node.querySelector(".findings"), photo.findings, "new-finding", tip);
}

function tip(node, tip) {
  node.dataset.key = tip.key;
  sign(node.querySelector("svg"), tip.key);
  write(node.querySelector("span"), tip.text);
}

// children makes one child per entry; it keeps the children that are there, so
// that focus and pictures stay.
function children(parent, entries, template, fill) {
  entries ??= [];
  while (parent.children.length > entries.length) parent.lastElementChild.remove();
  while (parent.children.length < entries.length) {
    parent.append(template ? at(template).content.firstElementChild.cloneNode(true) : document.createElement("li"));
  }
  entries.forEach((entry, i) => fill(parent.children[i], entry));
}

// hint shows the one thing to do, and the ring while nothing is left to do.
function hint(now, hold) {
  const node = at("hint");
  node.hidden = !now;
  node.dataset.key = "";
  if (now) tip(node, now);
  at("mirror").style.setProperty("--hold", `${hold}ms`);
  at("mirror").classList.toggle("holding", hold > 0);
}

// arrive begins a new stage: nothing lies over it, and its title is read out.
function arrive() {
  for (const id of ["help", "languages", "people"]) at(id).hidePopover();
  at("notice").hidden = true;
  at("typed").value = "";
  at("typed").blur();
  delete root.dataset.typing;
  at("title").focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

// count shows the seconds that remain: as a question while the station waits for a
// person, as a line when the visit is over. Faces are covered before it asks. It
// returns true when the question has just come.
export function count(doc, remaining) {
  const still = at("still");
  const ask = Boolean(doc.still) && remaining > 0 && remaining <= ASK;
  const comes = ask && !still.open;
  if (comes) still.showModal();
  if (!ask && still.open) still.close();
  at("veil").hidden = !(doc.photos && doc.more && remaining <= VEIL);
  at("still-count").textContent = doc.words.seconds.replace("{s}", remaining);
  at("more").hidden = !doc.more;
  const closing = at("closing");
  closing.hidden = doc.stage !== "done" || remaining <= 0;
  closing.textContent = doc.words.closing.replace("{s}", remaining);
  return comes;
}

// refuse shows for a while why a press was not taken.
export function refuse(words) {
  say("notice", words);
  free();
  clearTimeout(refuse.timer);
  refuse.timer = setTimeout(() => (at("notice").hidden = true), NOTICE);
}

// lose covers the screen and forgets the person on it.
export function lose() {
  stage = "";
  at("lost").hidden = false;
  at("still").close();
  for (const id of ["photos", "facts", "lines"]) at(id).replaceChildren();
  at("typed").value = "";
}

// free lets the buttons be pressed again.
export function free() {
  for (const button of document.querySelectorAll("button[name], #code button")) button.disabled = false;
}

function say(id, words) {
  const node = at(id);
  write(node, words);
  node.hidden = !words;
}

function note(id, words) {
  write(at(id).querySelector("span"), words);
  at(id).hidden = !words;
}

// write leaves equal text alone, so that it is not read out again.
function write(node, words = "") {
  if (node.textContent !== words) node.textContent = words;
}

function sign(svg, key) {
  svg.firstElementChild.setAttribute("href", `#icon-${key}`);
}
