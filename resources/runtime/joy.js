// What a player hears and sees besides the blocks: sounds, spoken words, messages, confetti.
// One tone: [start, from Hz, seconds, loudness, wave, to Hz, filter, its Hz, to Hz]; the wave may be "noise".
const SOUNDS = {
  tap: [[0, 1250, 0.02, 0.05, "square"]],
  tick: [[0, 900, 0.015, 0.05, "square"]],
  good: [[0, 660, 0.16, 0.2, "triangle"], [0.1, 990, 0.3, 0.2, "triangle"]],
  no: [[0, 190, 0.12, 0.35, "sine", 130], [0, 420, 0.03, 0.12, "triangle"]],
  win: [[0, 523, 0.18, 0.2, "triangle"], [0.12, 659, 0.18, 0.2, "triangle"],
    [0.24, 784, 0.18, 0.2, "triangle"], [0.36, 1047, 0.5, 0.22, "triangle"]],
  bell: [[0, 880, 1.4, 0.25, "sine"], [0, 2217, 0.7, 0.09, "sine"], [0, 1320, 1, 0.08, "sine"]],
  beep: [[0, 880, 0.14, 0.12, "square"], [0.22, 880, 0.14, 0.12, "square"]],
  drum: [[0, 170, 0.28, 0.5, "sine", 45], [0.18, 170, 0.28, 0.5, "sine", 45]],
  swish: [[0, 300, 0.12, 0.06, "sawtooth", 900]],
};
let speaker = null;   // one AudioContext, made after the first touch: earlier the browser would complain
let quiet = false;    // the sound button
let noise = null;     // a second of it, made once

// The one AudioContext, or null where the player wants silence, touched nothing yet, or has no sound.
const audio = () => {
  const Context = window.AudioContext || window.webkitAudioContext;
  const touched = !navigator.userActivation || navigator.userActivation.hasBeenActive;
  if (quiet || !Context || !touched) return null;
  try {
    speaker ||= new Context();
    if (speaker.state === "suspended") speaker.resume();
  } catch {
    speaker = null;   // no sound card: the app goes on without sound
  }
  return speaker;
};

const tones = (list) => {
  if (!audio()) return;
  try {
    list.forEach((tone) => playTone(...tone));
  } catch {
    speaker = null;
  }
};
const sound = (name) => { if (Object.hasOwn(SOUNDS, name)) tones(SOUNDS[name]); };

const playTone = (start, from, seconds, loudness, wave, to, filter, cut, cutTo) => {
  const at = speaker.currentTime + start;
  const glide = (value, first, last) => {
    value.setValueAtTime(first, at);
    if (last) value.exponentialRampToValueAtTime(last, at + seconds);
  };
  const tone = wave === "noise" ? hiss() : speaker.createOscillator();
  if (wave !== "noise") { tone.type = wave; glide(tone.frequency, from, to); }
  const gain = speaker.createGain();
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(loudness, at + 0.008);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
  let last = tone;
  if (filter) {
    last = speaker.createBiquadFilter();
    last.type = filter;
    last.Q.value = 3;
    glide(last.frequency, cut, cutTo);
    tone.connect(last);
  }
  last.connect(gain).connect(speaker.destination);
  tone.start(at);
  tone.stop(at + seconds + 0.02);
};

const hiss = () => {
  const source = speaker.createBufferSource();
  if (!noise) {
    const random = dice("hiss");
    noise = speaker.createBuffer(1, speaker.sampleRate, speaker.sampleRate);
    noise.getChannelData(0).forEach((_, i, all) => { all[i] = 2 * random() - 1; });
  }
  source.buffer = noise;
  return source;
};

// True where a voice could read the words aloud.
const speak = (words, language) => {
  const voice = window.speechSynthesis;
  if (quiet || !words || !voice || !voice.getVoices().length) return false;
  const speech = new SpeechSynthesisUtterance(words);
  speech.lang = language;
  voice.cancel();
  voice.speak(speech);
  return true;
};

// The live region: everything said within one moment is read as one message.
const live = h("div.sr", { role: "status", "aria-live": "polite", "data-live": "" });
let unsaid = [];
const say = (...words) => {
  const fresh = words.filter(Boolean);
  if (!fresh.length) return;
  if (!unsaid.length) setTimeout(() => { live.textContent = unsaid.join(" "); unsaid = []; }, 60);
  unsaid.push(...fresh);
  if (live.textContent) live.textContent = "";
};

// A message over the bar: gone by itself, by a tap or by Escape; it covers nothing that must be read.
let banner = null;
const hideBanner = () => { banner?.remove(); banner = null; };
const message = (words, kind = "") => {
  hideBanner();
  if (!words) return;
  const made = h("div.banner", { "data-banner": kind || "words", click: hideBanner }, h("p", words));
  banner = made;
  document.body.append(made);
  say(words);
  setTimeout(() => { if (banner === made) hideBanner(); }, 4000 + 70 * words.length);
};

let party = null;
const stopParty = () => { party?.remove(); party = null; };
const flight = (piece, turn) => {
  const side = (turn % 2 ? 1 : -1) * (6 + 42 * chance());
  const drop = 55 + 45 * chance();
  piece.animate([
    { transform: "translate(0,0) scale(.4)", opacity: 1 },
    { transform: `translate(${side * 0.7}vw,${-14 - 16 * chance()}vh) rotate(${turn * 40}deg)`, opacity: 1, offset: 0.3 },
    { transform: `translate(${side}vw,${drop}vh) rotate(${turn * 90}deg)`, opacity: 0 },
  ], { duration: 1200, easing: "cubic-bezier(.3,.6,.5,1)", fill: "forwards" });
};

// 24 pieces and the app's icon for 1.2 seconds, once; lying still along the edges when motion is not wanted.
const confetti = (picture) => {
  stopParty();
  const still = calm();
  const pieces = Array.from({ length: 24 }, (_, i) => h("i", { "--c": `var(--s${(i % 6) + 1})` }));
  const extra = icon(picture, "m");
  const made = h("div.party", { "aria-hidden": "true", "data-party": still ? "still" : "moving" }, pieces, extra);
  party = made;
  document.body.append(made);
  if (still) {
    pieces.forEach((piece, i) => dress(piece, { "--x": `${(i * 37) % 97}vw`, "--y": `${(i * 7) % 9}vh`, "--a": `${i * 50}deg` }));
  } else {
    [...pieces, extra].filter(Boolean).forEach(flight);
  }
  setTimeout(() => { if (party === made) stopParty(); }, still ? 3500 : 1300);
};
document.addEventListener("keydown", (event) => {
  stopParty();
  if (event.key === "Escape") hideBanner();
});
