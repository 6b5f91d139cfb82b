// SPDX-License-Identifier: EUPL-1.2

const PATIENCE = 4000; // ms for the station to take a press
const UNANSWERED = 1500; // ms after which a press that changed nothing may be repeated

// catchForms sends every form without leaving the page. What was pressed cannot
// be pressed again until the next document.
export function catchForms(refuse) {
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const { target, submitter } = event;
    const data = new URLSearchParams(new FormData(target, submitter));
    hold(target);
    send(target.getAttribute("action"), data, refuse).then(() => release(target));
  });
}

// send tells the station; what it refuses is said.
export async function send(url, body, refuse) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!answer.ok) refuse((await answer.json()).title);
  } catch {
    // The station is away: the stream says so.
  }
}

const buttons = (form) => [...form.elements].filter((e) => e.type === "submit");

function hold(form) {
  for (const button of buttons(form)) button.disabled = true;
}

function release(form) {
  setTimeout(() => {
    for (const button of buttons(form)) button.disabled = false;
  }, UNANSWERED);
}
