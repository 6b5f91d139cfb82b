// SPDX-License-Identifier: EUPL-1.2

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // of the Terminkennung (Crockford base 32)
const FORGET = 60000; // ms after the last key

// keypad lets people without a keyboard type a Terminkennung. What was begun
// and left is forgotten.
export function keypad(parent, field) {
  let timer;
  const touch = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, FORGET);
  };
  const leave = () => {
    field.value = "";
    delete document.documentElement.dataset.typing;
  };
  const key = (label, press) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(label);
    button.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the field
    button.addEventListener("click", () => {
      press();
      touch();
    });
    parent.append(button);
    return button;
  };
  for (const letter of ALPHABET) key(letter, () => (field.value += letter));
  const erase = key(drawn("erase"), () => (field.value = field.value.slice(0, -1)));
  erase.append(word("erase"));
  erase.className = "wide";
  field.addEventListener("focus", () => {
    document.documentElement.dataset.typing = "";
    touch();
  });
  field.addEventListener("input", touch);
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("#code") && !field.value) leave();
  });
}

function drawn(name) {
  const svg = document.getElementById("sign").cloneNode(true);
  svg.removeAttribute("id");
  svg.setAttribute("class", "icon");
  svg.firstElementChild.setAttribute("href", `#icon-${name}`);
  return svg;
}

function word(name) {
  const span = document.createElement("span");
  span.className = "unseen";
  span.dataset.word = name;
  return span;
}
