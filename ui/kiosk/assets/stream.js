// SPDX-License-Identifier: EUPL-1.2

const SILENCE = 3500; // ms: three beats and a little

// listen hears the station for ever: documents, beats, and its silence.
export function listen({ document, beat, lost }) {
  let source, timer;

  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(again, SILENCE);
  };

  const again = () => {
    source?.close();
    lost();
    open();
  };

  const open = () => {
    source = new EventSource("/state");
    source.onmessage = (event) => {
      alive();
      document(JSON.parse(event.data));
    };
    source.addEventListener("beat", (event) => {
      alive();
      beat(Number(event.data));
    });
    alive();
  };

  open();
}
