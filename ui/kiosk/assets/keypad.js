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
  // put replaces the selection; without text it erases that, or one character beside it.
  const put = (text, forward = false) => {
    let { selectionStart: from, selectionEnd: to } = field;
    if (!text && from === to) forward ? to++ : (from = Math.max(0, from - 1));
    field.setRangeText(text.slice(0, field.maxLength - field.value.length + to - from), from, to, "end");
    touch();
  };
  keys.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the field
  keys.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (key) put(key.value);
  });
  // What the browser's own editing puts in, it keeps to undo and redo it: the
  // next person could bring it back.
  field.addEventListener("beforeinput", (event) => {
    if (!/^(insert(Text|FromPaste|FromDrop)|delete.*)$/.test(event.inputType)) return;
    event.preventDefault();
    put(event.data ?? "", event.inputType.endsWith("Forward"));
  });
  field.addEventListener("focus", () => {
    document.documentElement.dataset.typing = "";
    touch();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("#code") && !field.value) leave();
  });
}
