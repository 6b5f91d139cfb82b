// SPDX-License-Identifier: EUPL-1.2

const FORGET = 60000; // ms after the last key

// keypad lets people without a keyboard type a Terminkennung. What was begun
// and left is forgotten.
export function keypad(keys, field) {
  let timer;
  const leave = () => {
    field.value = "";
    delete document.documentElement.dataset.typing;
  };
  const touch = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, FORGET);
  };
  keys.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the field
  keys.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (!key) return;
    field.value = key.value ? field.value + key.value : field.value.slice(0, -1);
    touch();
  });
  field.addEventListener("focus", () => {
    document.documentElement.dataset.typing = "";
    touch();
  });
  field.addEventListener("input", touch);
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("#code") && !field.value) leave();
  });
}
