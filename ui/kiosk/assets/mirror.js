// SPDX-License-Identifier: EUPL-1.2

// mirror shows the live picture by a worker, so that a busy page does not slow
// it. It returns a function that takes the visit's nonce, or "" to stop.
export function mirror(figure, canvas) {
  const worker = new Worker("/assets/preview.js", { type: "module" });
  const pixels = canvas.transferControlToOffscreen();
  worker.postMessage({ pixels }, [pixels]);
  worker.onmessage = ({ data }) => figure.classList.toggle("live", data.live);
  let now = "";
  return (visit) => {
    if (visit === now) return;
    now = visit;
    figure.classList.remove("live");
    worker.postMessage({ visit });
  };
}
