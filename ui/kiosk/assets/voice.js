// SPDX-License-Identifier: EUPL-1.2

// speaker reads sentences aloud, one list at a time: recorded ones, and others by
// the browser's own voice, where it has one for the language.
export function speaker() {
  const player = new Audio();
  let turn = 0;

  const talk = (text, language, next) => {
    const voice = globalThis.speechSynthesis?.getVoices().find((v) => v.lang.slice(0, 2) === language.slice(0, 2));
    if (!voice) return next();
    speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(text), { voice, onend: next, onerror: next }));
  };

  const hush = () => {
    turn++;
    player.pause();
    globalThis.speechSynthesis?.cancel();
  };

  const say = (sentences, language) => {
    hush();
    const mine = turn;
    const rest = [...(sentences ?? [])];
    const next = () => {
      const sentence = turn === mine && rest.shift();
      if (!sentence) return;
      if (!sentence.clip) return talk(sentence.text, language, next);
      Object.assign(player, { src: sentence.clip, onended: next });
      player.play().catch(() => turn === mine && talk(sentence.text, language, next));
    };
    next();
  };

  return { say, hush };
}
