// SPDX-License-Identifier: EUPL-1.2

// Counts the minutes down for which a time is held, brings the focus to what is
// wrong in a form, and prints. Without this script every page works.

/** Says how many minutes are left. A screen reader hears it twice: shortly before the end, and then. */
function countDown(held) {
  const shown = held.querySelector(".held__left");
  const heard = held.querySelector("[role=status]");
  const end = performance.now() + held.dataset.seconds * 1000; // this machine's clock may be wrong
  const tell = () => {
    const minutes = Math.ceil((end - performance.now()) / 60000);
    const words = minutes > 1 ? held.dataset.left.replace("%d", minutes) : minutes === 1 ? held.dataset.last : held.dataset.over;
    if (shown.textContent === words) return;
    shown.textContent = words;
    if (minutes === 2 || minutes < 1) heard.textContent = words;
    if (minutes < 1) clearInterval(timer);
  };
  const timer = setInterval(tell, 1000);
  tell();
}

for (const held of document.querySelectorAll(".held")) countDown(held);

document.getElementById("summary")?.focus();

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

// A second press of the same button sends nothing.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Who reloads the answer to a form, or comes back to it, is not asked to send the form again.
const here = document.getElementById("main").dataset.here;
if (here) history.replaceState(null, "", here);
