// Questions with one right answer. Answers are always mixed; `shuffle` mixes the questions too.
// The state holds the number of the picked answer in the author's order: 0 is the right one, -1 is "time is up".
const RIGHT = 0;
const LATE = -1;
const LETTERS = "ABCD";
const MANY_BEADS = 12;
const LONG_ASK = 90;
const LONG_ANSWER = 30;
const PASS = 0.7;
const LEAST_HERO = 4.5;   // rem

const options = (question) => [question.right, ...question.wrong];
const isRight = (state, index) => state.picks[index] === RIGHT;
const rights = (state) => state.order.filter((index) => isRight(state, index)).length;
const missed = (state) => state.order.filter((index) => !isRight(state, index));
const plain = (text) => text.replace(/[.!?。]+$/u, "");

const startRound = (kit, only) => {
  const best = kit.kept() || {};
  const plays = Number.isInteger(best.plays) ? best.plays : 0;
  const all = kit.slots.questions.map((_, i) => i);
  const seed = `${plays}:${only ? only.length : "all"}`;
  const order = only || (kit.slots.shuffle ? shuffled(all, kit.random(`questions ${seed}`)) : all);
  return { seed, order, at: 0, picks: {}, picked: null, answered: false, hint: false, over: false, again: Boolean(only), record: false };
};

const unanswered = (state, index) => {
  const picks = { ...state.picks };
  delete picks[index];
  return { ...state, picks, picked: null, answered: false, hint: false, left: undefined };
};

const answer = (kit, index, option) => {
  const { state, slots } = kit;
  if (state.answered || state.over) return;
  state.picks[index] = option;
  if (slots.feedback !== "instant" && option !== LATE) {
    state.picked = option;
    kit.sound("tap");
    kit.paint("[data-act=next]");
    return;
  }
  state.answered = true;
  state.picked = option;
  const question = slots.questions[index];
  if (slots.feedback === "instant") tellResult(kit, question, option);
  else kit.say(kit.word("timeUp"));
  kit.paint("[data-act=next]");
  const right = kit.section.querySelector(".ans.ok");
  if (right?.getBoundingClientRect().top < 0) right.scrollIntoView({ block: "start" });
  kit.fire(option === RIGHT ? "right" : "wrong");
};

const tellResult = (kit, question, option) => {
  const key = option === RIGHT ? "sayRight" : option === LATE ? "sayTimeUp" : "sayWrong";
  kit.sound(option === RIGHT ? "good" : "no");
  kit.say(kit.word(key, { answer: plain(question.right) }), question.why);
};

const goOn = (kit) => {
  const { state } = kit;
  const index = state.order[state.at];
  const late = !state.answered;
  if (late && state.picked === null) return;
  Object.assign(state, { at: state.at + 1, picked: null, answered: false, hint: false, left: undefined });
  state.over = state.at >= state.order.length;
  if (state.over) finishRound(kit);
  kit.paint("[data-focus]");
  if (late) kit.fire(isRight(state, index) ? "right" : "wrong");
  if (!state.over) return;
  kit.fire("finish");
  kit.fire(rights(state) / state.order.length >= PASS ? "win" : "lose");
};

const finishRound = (kit) => {
  const { state, slots } = kit;
  const old = kit.kept() || {};
  const count = rights(state);
  const before = Number.isInteger(old.best) ? old.best : 0;
  const proud = old.plays > 0 || count / state.order.length >= PASS;
  state.record = !state.again && slots.feedback !== "none" && count > before && proud;
  kit.keep({ plays: (Number.isInteger(old.plays) ? old.plays : 0) + 1, best: state.again ? before : Math.max(before, count) });
  if (slots.feedback === "none") { kit.sound("win"); return; }
  if (count === state.order.length) kit.joy();
  else kit.sound(count / state.order.length >= PASS ? "win" : "tap");
};

const beads = (kit) => {
  const { state, slots, h, word } = kit;
  const total = state.order.length;
  const label = word("questionOf", { n: state.at + 1, total });
  if (total > MANY_BEADS) {
    return h("div.steps-left", h("div.meter", { "aria-hidden": "true" }, h("b", { "--w": `${(100 * (state.at + 1)) / total}%` })),
      h("b.num", word("countOf", { n: state.at + 1, total })));
  }
  const mark = (index, i) => {
    if (i > state.at || (i === state.at && !state.answered)) return i === state.at ? "now" : "";
    if (state.picks[index] === undefined) return "";
    if (slots.feedback !== "instant") return "been";
    return isRight(state, index) ? "ok" : "no";
  };
  return h("div.bean", { role: "img", "aria-label": label }, state.order.map((index, i) => h("i", { class: mark(index, i) })));
};

const clock = (kit, top, index) => {
  const { state, slots, h, word } = kit;
  if (!slots.seconds || state.answered) return;
  state.left ??= slots.seconds;
  const number = h("b.num", String(Math.ceil(state.left)));
  const face = h("span.pill.clockpill", { role: "timer", "aria-live": "off" }, kit.icon("clock"), number);
  let last = Date.now();
  top.append(face);
  kit.every(200, () => {
    const now = Date.now();
    const paused = document.hidden || document.querySelector("dialog[open]") || !kit.section.offsetParent;
    const before = Math.ceil(state.left);
    if (!paused) state.left -= (now - last) / 1000;
    last = now;
    const after = Math.max(0, Math.ceil(state.left));
    number.textContent = String(after);
    face.classList.toggle("low", after <= 5);
    if (before > 5 && after <= 5 && after > 0) kit.say(word("secondsLeft", { n: after }));
    if (state.left > 0) return;
    if (state.picked === null) answer(kit, index, LATE);
    else goOn(kit);
  });
};

const answerButton = (kit, index, option, letter, long) => {
  const { state, slots, h, glyph, word } = kit;
  const shown = state.answered && slots.feedback === "instant";
  const picked = state.picked === option;
  const kind = !shown ? (picked ? "picked" : "") : option === RIGHT ? "ok" : picked ? "no" : "off";
  const note = shown && picked ? "yourAnswer" : shown && option === RIGHT ? "rightAnswer" : picked ? "yourAnswer" : "";
  const face = { ok: "tick", no: "no" }[kind];
  const node = kit.button("answer", ".ans", h("span.key", { "aria-hidden": "true" }, face ? glyph(face) : letter),
    h("span.said", h("span", { dir: "auto" }, options(slots.questions[index])[option]), note && h("em", word(note))));
  if (kind) node.classList.add(kind);
  if (long) node.classList.add("small-words");
  if (state.answered) node.setAttribute("aria-disabled", "true");
  if (slots.feedback !== "instant") node.setAttribute("aria-pressed", String(picked));
  node.addEventListener("click", () => answer(kit, index, option));
  return node;
};

const resultSheet = (kit, index) => {
  const { state, slots, h, icon, word, glyph } = kit;
  const question = slots.questions[index];
  const last = state.at + 1 >= state.order.length;
  const next = kit.button("next", ".btn", word(last ? "seeResult" : "nextQuestion"), glyph("next"));
  next.addEventListener("click", () => goOn(kit));
  if (slots.feedback !== "instant") {
    if (!state.answered) return state.picked === null ? null : h("div.sheet.plain", next);
    return h("div.sheet.no", h("h3", word("timeUp")), next);
  }
  if (!state.answered) return null;
  const right = plain(question.right);
  const short = right.length <= 24;
  if (state.picked === RIGHT) {
    return h("div.sheet", h("div.row.told", icon("star", "m pop"), h("div", h("h3", { dir: "auto" }, short ? word("yes", { answer: right }) : word("yesShort")),
      question.why && h("p", { dir: "auto" }, question.why))), next);
  }
  return h("div.sheet.no", h("div", h("h3", word(state.picked === LATE ? "timeUp" : "notThisTime")),
    h("p", { dir: "auto" }, short && `${word("itIs", { answer: right })} `, question.why),
    !state.again && h("p.muted", word("atTheEnd"))), next);
};

const drawQuestion = (box, kit) => {
  const { state, slots, h, word, icon } = kit;
  const index = state.order[state.at];
  const question = slots.questions[index];
  const all = options(question);
  const mixed = shuffled(all.map((_, i) => i), kit.random(`answers ${state.seed} ${index}`));
  const long = all.some((text) => text.length > LONG_ANSWER);
  const top = h("div.row.full.top", beads(kit),
    slots.feedback === "instant" && h("span.pill.num", { "aria-label": word("rightSoFar", { n: rights(state) }), role: "img" }, icon("star"), String(rights(state))));
  const ask = h("h3.ask", { tabindex: "-1", "data-focus": "", dir: "auto" },
    h("span.sr", `${word("questionOf", { n: state.at + 1, total: state.order.length })} `), question.ask);
  if (question.ask.length > LONG_ASK) ask.classList.add("long");
  const hero = icon(kit.app.icon, "m bob");
  const answers = h("div.answers", { role: "group", "aria-label": question.ask },
    mixed.map((option, i) => answerButton(kit, index, option, LETTERS[i], long)));
  if (long) answers.classList.add("long");
  box.classList.add("split", state.answered ? "answered" : "asking");
  box.dataset.place = `questions/${index}`;
  box.append(top, h("div.left", hero && h("div.hero", h("div.disc", h("span.halo"), hero)), ask),
    h("div.side", answers, hintLine(kit, question)));
  const sheet = resultSheet(kit, index);
  if (sheet) box.append(sheet);
  clock(kit, top, index);
  box.addEventListener("keydown", (event) => {
    const key = event.key.toUpperCase();
    const place = LETTERS.includes(key) ? LETTERS.indexOf(key) : Number(key) - 1;
    if (key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && mixed[place] !== undefined) answer(kit, index, mixed[place]);
  });
};

// Where room is short these leave in turn: picture, space, answers neither chosen nor right; at last
// the sheet lies under them.
const TIGHTER = ["bare", "snug", "tight", "flow"];
const fitQuestion = (box, kit) => {
  box.classList.remove(...TIGHTER);
  const hero = box.querySelector(".hero");
  if (!hero?.checkVisibility() || hero.clientHeight < LEAST_HERO * parseFloat(getComputedStyle(root).fontSize)) box.classList.add("bare");
  kit.squeeze(box, TIGHTER);
  if (!box.classList.contains("tight")) return;
  box.classList.remove("snug");   // the two that are left may stand at their full size
  kit.squeeze(box, ["snug"]);
};

const hintLine = (kit, question) => {
  const { state, h, word, glyph } = kit;
  if (!question.hint || state.answered) return null;
  if (state.hint) return h("p.hint", glyph("bulb"), h("span", { dir: "auto" }, question.hint));
  const give = kit.button("hint", ".btn.ghost", glyph("bulb"), word("hint"));
  give.addEventListener("click", () => { state.hint = true; kit.say(question.hint); kit.sound("tap"); kit.paint("[data-focus]"); });
  return give;
};

const drawEnd = (box, kit) => {
  const { state, slots, h, word, icon } = kit;
  const total = state.order.length;
  const count = rights(state);
  const silent = slots.feedback === "none";
  const lost = silent ? [] : missed(state);
  const lit = count === total ? 3 : count / total >= PASS ? 2 : count / total >= 1 / 3 ? 1 : 0;
  const title = silent ? word("allAnswered") : word("score", { n: count, total });
  const more = silent ? word("answered", { n: total, total }) : count === total ? word("allRight") : state.record ? word("best") : count ? "" : word("keepGoing");
  const stars = h("div.stars", { role: "img", "aria-label": word("starsOf", { n: lit, total: 3 }) },
    [0, 1, 2].map((i) => icon("star", i < lit || silent ? "m lit" : "m out")));
  const again = kit.button("restart", lost.length ? ".btn.soft" : ".btn", kit.glyph("again"), word("playAgain"));
  again.addEventListener("click", () => { kit.begin(); kit.section.querySelector("[data-focus]")?.focus(); });
  const retry = lost.length > 0 && kit.button("retry", ".btn", word(lost.length === 1 ? "tryOne" : "tryMany"));
  if (retry) retry.addEventListener("click", () => { kit.state = startRound(kit, lost); kit.paint("[data-focus]"); });
  box.classList.add("split", "end");
  box.append(h("div.left", stars, h("div.mid", h("h3.big", { tabindex: "-1", "data-focus": "" }, title), more && h("p.muted", more))),
    h("div.side", lost.length > 0 && toLearn(kit, lost), h("div.actions", again, retry)));
};

const toLearn = (kit, lost) => {
  const { slots, h, word, glyph } = kit;
  return h("div.card.learn", h("h4", lost.length === 1 ? word("oneToLearn") : word("manyToLearn", { n: lost.length })),
    h("ul.marks", lost.map((index) => h("li", h("span.dot.no", { "aria-hidden": "true" }, glyph("no")),
      h("span", { dir: "auto" }, slots.questions[index].ask, h("b", slots.questions[index].right))))));
};

sprout.block("quiz", {
  wide: true,
  events: ["right", "wrong", "finish", "win", "lose"],
  icon: "question",
  fresh: (kit) => startRound(kit),
  adapt(state, before, after) {
    if (before.questions.length !== after.questions.length) return null;
    const index = state.order[state.at];
    const same = index === undefined || JSON.stringify(before.questions[index]) === JSON.stringify(after.questions[index]);
    return same ? { ...state, left: undefined } : unanswered(state, index);
  },
  mount: (box, kit) => (kit.state.over ? drawEnd : drawQuestion)(box, kit),
  fit: (box, kit) => { if (!kit.state.over) fitQuestion(box, kit); },
  look(kit, list, item) {
    const { state, slots } = kit;
    if (list !== "questions") return;
    const here = !state.over && state.order[state.at] === item;
    if (here && !state.answered && state.picked === null) { state.left = slots.seconds || undefined; return; }
    const round = state.over || !state.order.includes(item) ? startRound(kit) : state;
    kit.state = unanswered({ ...round, at: round.order.indexOf(item), over: false }, item);
    kit.paint();
  },
  sheet({ h, slots, word, random }) {
    const key = [];
    const list = slots.questions.map((question, i) => {
      const mixed = shuffled(options(question), random(`paper ${i}`));
      key.push(`${i + 1} ${LETTERS[mixed.indexOf(question.right)]}`);
      return h("li", h("p", question.ask), h("ul.boxes", mixed.map((text, j) => h("li", `${LETTERS[j]} ${text}`))));
    });
    return h("div", h("ol", list), h("p.upside", `${word("answers")}: ${key.join(" · ")}`));
  },
});
