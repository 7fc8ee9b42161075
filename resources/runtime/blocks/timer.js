// Countdown, stopwatch, or work and rest in turns. Time comes from the clock, so that a sleeping tab stays right.
const ROUNDS = 4;
const RING = 2 * Math.PI * 80;
const TELL_AT = [300, 60, 10];
const RIDERS = { work: ({ icon }) => icon("book", "m"), rest: ({ icon }) => icon("apple", "m"), count: ({ icon }) => icon("clock", "m") };

const workSeconds = (slots) => (slots.seconds > 0 ? slots.seconds : 60);
const pomodoro = (slots) => slots.mode === "pomodoro";
const upwards = (slots) => slots.mode === "stopwatch";
const fresh = (slots) => ({ phase: pomodoro(slots) ? "work" : "count", round: 1, running: false, since: 0, spent: 0, minutes: 0, over: false });
const phaseLength = (state, slots) => (state.phase === "rest" ? slots.rest : workSeconds(slots));
const elapsed = (state) => state.spent + (state.running ? Math.max(0, (Date.now() - state.since) / 1000) : 0);

const digits = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes >= 100) return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
  return `${two(minutes)}:${two(whole % 60)}`;
};

const spoken = (word, seconds) => {
  const whole = Math.max(0, Math.round(seconds));
  if (whole >= 60 && whole % 60 === 0) return whole === 60 ? word("minute") : word("minutes", { n: whole / 60 });
  if (whole > 60) return digits(whole);
  return whole === 1 ? word("second") : word("seconds", { n: whole });
};

const start = (kit) => {
  const { state } = kit;
  if (state.over) Object.assign(state, fresh(kit.slots));
  if (state.running) return;
  Object.assign(state, { running: true, since: Date.now() });
  kit.sound("tap");
  kit.say(kit.word("running"));
  kit.paint();
};

const halt = (kit) => {
  const { state, slots, word } = kit;
  if (!state.running) return;
  Object.assign(state, { spent: elapsed(state), running: false });
  kit.sound("tap");
  kit.say(upwards(slots) ? word("stoppedAt", { time: digits(state.spent) }) : word("paused"));
  kit.paint();
  if (upwards(slots)) kit.fire("finish");
};

const ringOut = (kit) => {
  const { state, slots, word } = kit;
  const wasWork = state.phase !== "rest";
  const done = slots.done || word("timeDone");
  Object.assign(state, { spent: 0, minutes: 0, since: Date.now() });
  if (!pomodoro(slots)) Object.assign(state, { over: true, running: false });
  else if (!wasWork) Object.assign(state, { phase: "work", round: state.round + 1, running: false });
  else if (state.round >= ROUNDS || slots.rest === 0) Object.assign(state, state.round >= ROUNDS ? { over: true, running: false } : { round: state.round + 1, running: false });
  else Object.assign(state, { phase: "rest" });
  if (slots.sound !== "none") { kit.sound(slots.sound); setTimeout(() => kit.sound(slots.sound), 1500); }
  kit.say(wasWork ? done : word("backToWork"));
  kit.paint();
  if (wasWork) kit.fire("finish");
};

const heading = ({ slots, state, word }) => {
  if (!pomodoro(slots)) return "";
  return word(state.phase === "rest" ? "restOf" : "workOf", { n: state.round, total: ROUNDS });
};

const underDigits = ({ slots, state, word }) => {
  if (state.over) return "";
  if (pomodoro(slots) && state.phase === "rest") return word("thenWork", { time: spoken(word, workSeconds(slots)) });
  if (pomodoro(slots) && slots.rest > 0 && state.round < ROUNDS) return word("thenRest", { time: spoken(word, slots.rest) });
  if (!state.running && state.spent > 0) return word("paused");
  return "";
};

const drawDial = (kit) => {
  const { h, shape, state, slots, word } = kit;
  const circle = (r, attributes) => shape("circle", { cx: 100, cy: 100, r, ...attributes });
  const arc = circle(80, { class: "arc", "stroke-dasharray": RING });
  const hand = RIDERS[state.phase](kit);
  const rider = h("span.hand", hand);
  const number = h("span.clock.num", { role: "timer", "aria-live": "off" });
  const more = state.over ? slots.done || word("timeDone") : underDigits(kit);
  const ring = shape("svg", { class: "ring", viewBox: "0 0 200 200", "aria-hidden": "true" },
    circle(90, { class: "plate" }), circle(80, { class: "track" }), arc);
  const dial = h("div.dial", ring, rider, h("div.in", number, more && h(`span.under${state.over ? ".joyful" : ""}`, { dir: "auto" }, more)));
  const place = () => {
    const passed = elapsed(state);
    const length = phaseLength(state, slots);
    const share = state.over ? 1 : upwards(slots) ? (passed % 60) / 60 : Math.max(0, 1 - passed / length);
    const angle = 2 * Math.PI * share;
    arc.setAttribute("stroke-dashoffset", String(RING * (1 - share)));
    rider.style.left = `${50 + 40 * Math.sin(angle)}%`;
    rider.style.top = `${50 - 40 * Math.cos(angle)}%`;
    const shown = upwards(slots) ? passed : state.over ? 0 : Math.ceil(length - passed);
    const text = digits(shown);
    if (number.textContent !== text) number.textContent = text;
    dial.classList.toggle("last", !upwards(slots) && state.running && length - passed <= 10);
  };
  place();
  return { dial, place };
};

const beat = (kit, place) => {
  const { state, slots, word } = kit;
  let before = elapsed(state);
  kit.every(250, () => {
    const passed = elapsed(state);
    const length = phaseLength(state, slots);
    place();
    while (state.minutes < Math.floor(Math.min(passed, upwards(slots) ? passed : length) / 60)) {
      state.minutes += 1;
      kit.fire("tick");
      if (kit.state !== state) return;   // a rule began the clock anew
    }
    if (upwards(slots)) return;
    for (const at of TELL_AT) {
      if (length - before > at && length - passed <= at && passed < length) kit.say(word("timeLeft", { time: spoken(word, at) }));
    }
    before = passed;
    if (passed >= length && state.running) ringOut(kit);
  });
};

sprout.block("timer", {
  events: ["tick", "finish"],
  icon: "clock",
  fresh: (kit) => fresh(kit.slots),
  adapt: (state, before, after) => (before.mode === after.mode && before.seconds === after.seconds && before.rest === after.rest ? state : null),
  act: { start_timer: start, stop_timer: halt },
  mount(box, kit) {
    const { state, slots, h, glyph, word } = kit;
    const { dial, place } = drawDial(kit);
    const touched = state.running || state.spent > 0 || state.over || state.round > 1 || state.phase === "rest";
    const main = state.running
      ? kit.button("stop", ".btn", glyph(upwards(slots) ? "stop" : "pause"), word(upwards(slots) ? "stop" : "pause"))
      : kit.button("start", ".btn", glyph(state.over ? "again" : "play"), word(state.over ? "again" : state.spent > 0 ? "resume" : "start"));
    main.addEventListener("click", () => {
      const running = state.running;
      (running ? halt : start)(kit);
      kit.section.querySelector(running ? "[data-act=start]" : "[data-act=stop]")?.focus();
    });
    const over = touched && !state.over && kit.button("reset", ".btn.soft", glyph("again"), word("startOver"));
    if (over) over.addEventListener("click", () => { kit.begin(); kit.sound("tap"); kit.section.querySelector("[data-act=start]")?.focus(); });
    const title = heading(kit);
    box.append(title && h("div.row.mid.phase", h("span.pill.plain", title)), h("div.hero", dial), h("div.row", over, main));
    if (state.running) beat(kit, place);
    if (state.over) box.classList.add("over");
  },
});
