// SPDX-License-Identifier: EUPL-1.2

// Tones for who cannot see the picture, or looks into the lens and not at the screen.

const AGAIN = 1200; // ms between two tones that guide

let audio, beat;
let playing = [];

// tone plays one sound: from and to in Hz, seconds, side from -1 (left) to 1 (right).
function tone(from, { at = 0, length = 0.2, to = from, side = 0, loud = 0.2 } = {}) {
  audio ??= new AudioContext();
  audio.resume();
  const start = audio.currentTime + at;
  const source = new OscillatorNode(audio, { frequency: from });
  const volume = new GainNode(audio, { gain: 0 });
  source.frequency.linearRampToValueAtTime(to, start + length);
  volume.gain.setTargetAtTime(loud, start, 0.01);
  volume.gain.setTargetAtTime(0, start + length - 0.05, 0.02);
  source.connect(volume).connect(new StereoPannerNode(audio, { pan: side })).connect(audio.destination);
  source.start(start);
  source.stop(start + length + 0.1);
  playing.push(source);
  source.onended = () => (playing = playing.filter((s) => s !== source));
}

const GUIDES = {
  left: () => tone(440, { side: -1 }),
  right: () => tone(440, { side: 1 }),
  up: () => tone(330, { to: 660, length: 0.35 }),
  down: () => tone(660, { to: 330, length: 0.35 }),
  nearer: () => [0, 0.2].forEach((at) => tone(520, { at, length: 0.12 })),
  farther: () => tone(220, { length: 0.5 }),
  hold: () => [392, 494, 587].forEach((hz) => tone(hz, { length: 1, loud: 0.06 })),
};

const lure = () => [1200, 1800, 1500].forEach((hz, i) => tone(hz, { at: i * 0.12, length: 0.1, to: hz * 1.3 }));

// sound plays what belongs to a document; what the one before began ends.
export function sound(doc, moved) {
  clearInterval(beat);
  for (const source of playing) source.stop();
  const guide = doc.aloud && doc.hint && GUIDES[doc.hint.key];
  const again = doc.stage === "position" && (guide || (doc.lure && lure));
  if (again) {
    again();
    beat = setInterval(again, AGAIN);
  }
  if (doc.hold > 0) [0, 1, 2].forEach((i) => tone(880 + 110 * i, { at: (i * doc.hold) / 3000, length: 0.09 }));
  if (moved && doc.stage === "capture") [0, 0.09].forEach((at) => tone(2400, { at, to: 300, length: 0.07 }));
}

// chime asks for attention.
export const chime = () => [660, 880].forEach((hz, i) => tone(hz, { at: i * 0.25, length: 0.25 }));
