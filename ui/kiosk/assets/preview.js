// SPDX-License-Identifier: EUPL-1.2

// The preview's worker pulls frames: it says "ready", the station answers with
// the newest one. A frame of which the next does not come in time is taken
// away: nobody looks at a frozen face.

const FRESH = 500; // ms that a frame may be old
const AGAIN = 500; // ms until the next try to connect
const SILENT = 3000; // ms without an answer

let pixels, brush, socket, visit = "", live = false, stale, silent;

onmessage = ({ data }) => {
  if (data.pixels) {
    pixels = data.pixels;
    brush = pixels.getContext("2d", { alpha: false });
    return;
  }
  visit = data.visit;
  drop();
  wipe();
  if (visit) open();
};

function open() {
  const mine = new WebSocket(`/preview/${visit}`);
  socket = mine;
  mine.binaryType = "arraybuffer";
  mine.onopen = () => ask(mine);
  mine.onmessage = async ({ data }) => {
    await draw(mine, data);
    ask(mine);
  };
  mine.onclose = () => {
    if (socket === mine && visit) setTimeout(() => socket === mine && visit && open(), AGAIN);
  };
}

function ask(mine) {
  clearTimeout(silent);
  if (socket !== mine || mine.readyState !== WebSocket.OPEN) return;
  mine.send("ready");
  silent = setTimeout(() => mine.close(), SILENT);
}

async function draw(mine, message) {
  const came = performance.now();
  const age = new DataView(message).getUint32(0);
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(message, 4)], { type: "image/jpeg" })).catch(() => null);
  const left = FRESH - age - (performance.now() - came);
  if (bitmap && socket === mine && left > 0) {
    if (pixels.width !== bitmap.width || pixels.height !== bitmap.height) {
      Object.assign(pixels, { width: bitmap.width, height: bitmap.height });
    }
    brush.drawImage(bitmap, 0, 0);
    clearTimeout(stale);
    stale = setTimeout(wipe, left);
    tell(true);
  }
  bitmap?.close();
}

// wipe leaves no face on the canvas.
function wipe() {
  clearTimeout(stale);
  brush.fillRect(0, 0, pixels.width, pixels.height);
  tell(false);
}

function drop() {
  clearTimeout(silent);
  const old = socket;
  socket = null;
  old?.close();
}

function tell(now) {
  if (now !== live) postMessage({ live: (live = now) });
}
