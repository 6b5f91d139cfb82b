// SPDX-License-Identifier: EUPL-1.2

// Asks the browser for a passkey. A form that needs one is hidden until this
// script has seen that the browser can; the answer goes with the form.

const can = window.PublicKeyCredential?.parseRequestOptionsFromJSON && window.PublicKeyCredential?.parseCreationOptionsFromJSON;

const ways = {
  enter: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
  add: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
};

/** Fetches the challenge, has it answered and sends the form. */
async function answer(form) {
  const said = form.querySelector("[role=alert]");
  said.hidden = true;
  try {
    const asked = await fetch(form.dataset.challenge, { method: "POST" });
    if (!asked.ok || asked.redirected) {
      // The page that the office answered with says why.
      const page = new DOMParser().parseFromString(await asked.text(), "text/html");
      document.querySelector("main").replaceWith(page.querySelector("main"));
      return;
    }
    const passkey = await ways[form.dataset.passkey]((await asked.json()).publicKey);
    form.elements.answer.value = JSON.stringify(passkey);
  } catch {
    said.hidden = false; // given up, not there, there already, or the office is not
    return;
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !can;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form);
  });
}
