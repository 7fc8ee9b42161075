// Ask people, one question per screen. Kept are sums and written answers by their words, never who said what together:
// `votes` counts "question\noption", and "question\n" for everybody who answered it; `texts` lists by question.
const MOST_PEOPLE = 9999;
const MOST_TEXTS = 100;
const LETTERS = 200;
const LONG_ASK = 90;
const STARS = ["1", "2", "3", "4", "5"];

const load = (kit) => {
  const { people, votes, texts } = kit.kept() || {};
  const map = (value) => new Map(Array.isArray(value) ? value.filter(Array.isArray) : []);
  return { people: Number.isInteger(people) ? people : 0, votes: map(votes), texts: map(texts) };
};
const begin = (kit, waiting = false) => ({ ...load(kit), at: 0, waiting, sent: false, answers: kit.slots.questions.map(() => []) });
const choices = (question) => (question.kind === "stars" ? STARS : question.kind === "text" ? [] : question.options);
const named = (kit, question, option) => (question.kind === "stars" ? kit.word("starsOf", { n: option, total: STARS.length }) : option);

// Votes for an option, or for the whole question, with the answers on screen that are not sent yet.
const count = ({ state, slots }, question, option = "") => {
  const mine = state.answers[slots.questions.indexOf(question)];
  const before = state.votes.get(`${question.ask}\n${option}`);
  return (Number.isInteger(before) ? before : 0) + (!state.sent && (option ? mine.includes(option) : mine.length > 0) ? 1 : 0);
};
const share = (kit, question, option) => {
  const total = count(kit, question);
  const n = count(kit, question, option);
  return { n, total, percent: total ? Math.min(100, Math.round((100 * n) / total)) : 0 };
};

const send = (kit) => {
  const { state, slots } = kit;
  Object.assign(state, load(kit));   // another tab may have counted meanwhile
  slots.questions.forEach((question, i) => {
    const answer = state.answers[i];
    if (question.kind === "text" && answer.length) {
      const old = state.texts.get(question.ask);
      state.texts.set(question.ask, [...(Array.isArray(old) ? old.filter((one) => typeof one === "string") : []), ...answer].slice(-MOST_TEXTS));
    }
    const sums = ["", ...choices(question)].map((option) => [`${question.ask}\n${option}`, count(kit, question, option)]);
    sums.forEach(([key, n]) => state.votes.set(key, n));
  });
  state.people = Math.min(MOST_PEOPLE, state.people + 1);
  state.sent = true;
  kit.keep({ people: state.people, votes: [...state.votes], texts: [...state.texts] });
  kit.sound("win");
  kit.paint("[data-focus]");
  kit.fire("finish");
};

const choose = (kit, question, option) => {
  const { state, slots, word } = kit;
  const mine = state.answers[state.at];
  const on = !mine.includes(option);
  state.answers[state.at] = question.kind === "many" ? slots.questions[state.at].options.filter((one) => (one === option ? on : mine.includes(one))) : [option];
  kit.sound("tap");
  kit.say(word(on || question.kind !== "many" ? "pollChosen" : "pollNotChosen", { item: named(kit, question, option) }), slots.results === "live" && word("pollVotes", share(kit, question, option)));
  kit.paint();
  kit.fire("change");
};

const step = (kit, by) => {
  kit.state.at += by;
  kit.sound("tap");
  kit.paint("[data-focus]");
};

// The words of one row, with its bar where results may be seen.
const rowParts = (kit, question, option, open, mine) => {
  const { h, word } = kit;
  const { n, total, percent } = share(kit, question, option);
  return [open && h("i.fill", { "--w": `${percent}%` }), mine && kit.glyph("tick"), h("span.opt", { dir: "auto" }, named(kit, question, option), mine && h("em", word("pollMine"))),
    open && [h("span.sr", word("pollVotes", { n, total, percent })), h("b.num", { "aria-hidden": "true", dir: "ltr" }, `${n} · ${percent} %`)]];
};

const optionButton = (kit, question, option) => {
  const { state, slots } = kit;
  const mine = state.answers[state.at].includes(option);
  const stars = question.kind === "stars";
  const lit = stars && Number(option) <= Number(state.answers[state.at][0] || 0);
  const open = slots.results === "live" && state.answers[state.at].length > 0;
  const node = kit.button("choose", `.btn.soft${stars ? ".starkey" : ".votekey"}`, { "aria-pressed": String(mine), "aria-label": stars && named(kit, question, option) },
    stars ? kit.icon("star", lit ? "m" : "m out") : rowParts(kit, question, option, open, mine));
  node.addEventListener("click", () => choose(kit, question, option));
  return node;
};

const mean = (kit, question) => {
  const total = count(kit, question);
  const sum = STARS.reduce((all, star) => all + star * count(kit, question, star), 0);
  return total > 0 && kit.h("p.mid.mean", kit.word("pollMean", { n: (sum / total).toLocaleString(kit.app.language, { maximumFractionDigits: 1 }), total: STARS.length }));
};

const drawQuestion = (box, kit) => {
  const { state, slots, h, word, glyph } = kit;
  const question = slots.questions[state.at];
  box.dataset.place = `questions/${state.at}`;
  const total = slots.questions.length;
  const last = state.at + 1 >= total;
  const values = { n: state.at + 1, total };
  const next = kit.button("next", ".btn");
  const refresh = () => {
    const here = state.answers[state.at].length > 0;
    const none = last && !state.answers.some((one) => one.length);
    next.classList.toggle("soft", !here && !last);
    next.setAttribute("aria-disabled", String(none));
    next.replaceChildren(word(last ? "pollSend" : here ? "nextQuestion" : "pollSkip"), glyph(last ? "tick" : "next"));
    next.onclick = () => (none ? kit.say(word("pollFirst")) : last ? send(kit) : step(kit, 1));
  };
  const back = state.at > 0 && kit.button("back", ".btn.ghost", { click: () => step(kit, -1) }, glyph("back"), word("back"));
  const field = question.kind === "text" && h("textarea.field", { "data-act": "write", rows: 4, maxlength: LETTERS, "aria-label": question.ask, dir: "auto",
    input: () => { state.answers[state.at] = field.value.trim() ? [field.value.trim()] : []; refresh(); },
    change: () => kit.fire("change") }, state.answers[state.at][0]);
  const all = choices(question);
  refresh();
  box.append(...[total > 1 && h("div.row", h("div.meter", { "aria-hidden": "true" }, h("b", { "--w": `${(100 * (state.at + 1)) / total}%` })), h("b.num", word("countOf", values))),
    h(`h3.pollask${question.ask.length > LONG_ASK ? ".long" : ""}`, { tabindex: "-1", "data-focus": "", dir: "auto" }, h("span.sr", `${word("questionOf", values)} `), question.ask),
    question.kind === "many" && h("p.muted", word("pollMany")),
    field || h(`div.${question.kind === "stars" ? "starkeys" : "votekeys"}`, { role: "group", "aria-label": question.ask }, all.map((option) => optionButton(kit, question, option))),
    question.kind === "stars" && slots.results === "live" && state.answers[state.at].length > 0 && mean(kit, question),
    h("p.muted.small.private", word("pollKept")), h("div.actions.pair", back, next)].filter(Boolean));
  kit.keys(({ key }) => { if (all[key - 1]) choose(kit, question, all[key - 1]); });
};

const results = (kit, question, i) => {
  const { state, h, word } = kit;
  const mine = state.answers[i];
  const texts = state.texts.get(question.ask) || [];
  const list = question.kind === "text" ? h("ul.said-so", texts.map((text, at) => h("li", { dir: "auto" }, text, mine.length > 0 && at === texts.length - 1 && h("em", word("pollMine")))))
    : h("ul.votekeys", choices(question).map((option) => h("li.votekey", rowParts(kit, question, option, true, mine.includes(option)))));
  return h("div.card.result-card", h("h4", { dir: "auto" }, question.ask), question.kind === "stars" && mean(kit, question), question.kind === "text" && !texts.length ? h("p.muted", word("nothingYet")) : list);
};

const drawBetween = (box, kit) => {
  const { state, slots, h, word, glyph } = kit;
  const open = state.sent && slots.results !== "hidden";
  const go = kit.button(state.sent ? "person" : "begin", ".btn", word(state.sent ? "pollPerson" : "start"), glyph("next"));
  go.addEventListener("click", () => {
    kit.state = begin(kit, state.sent);
    kit.sound("tap");
    kit.say(word("pollTurn"));   // what the one before chose is no longer read out
    kit.paint("[data-focus]");
  });
  box.append(h("div.hello", state.sent ? kit.icon("heart", open ? "m" : "xl bob") : kit.icon(kit.app.icon, "xl bob"), h("h3.big", { tabindex: "-1", "data-focus": "" }, word(state.sent ? "pollThanks" : "pollTurn")),
    h("p.muted", word("pollKept"), h("br"), word("pollPeople", { n: state.people }))),
  ...(open ? [h("div.results", slots.questions.map((question, i) => results(kit, question, i)))] : []), h("div.actions", go));
  box.classList.toggle("quiet", !open);
};

sprout.block("poll", {
  events: ["change", "finish"],
  icon: "check",
  fresh: (kit) => begin(kit),
  precious: (kit) => load(kit).people > 0,
  adapt(state, before, after) {
    const answers = after.questions.map((question) => {
      const old = before.questions.findIndex((one) => one.ask === question.ask && one.kind === question.kind);
      const mine = (old >= 0 && state.answers[old]) || [];
      return question.kind === "text" ? mine : mine.filter((one) => choices(question).includes(one));
    });
    return { ...state, answers, at: Math.min(state.at, after.questions.length - 1) };
  },
  mount: (box, kit) => (kit.state.sent || kit.state.waiting ? drawBetween : drawQuestion)(box, kit),
  look(kit, list, item) {
    if (list !== "questions" || (!kit.state.sent && !kit.state.waiting && kit.state.at === item)) return;
    kit.state = { ...(kit.state.sent ? begin(kit) : kit.state), waiting: false, at: item };
    kit.paint();
  },
  sheet: ({ h, slots }) => h("ol", slots.questions.map((question) => h("li", h("p", question.ask), question.kind === "text" ? h("p.lines", h("span", "\u00a0"))
    : h("ul.boxes", choices(question).map((option) => h("li", question.kind === "stars" ? "★".repeat(option) : option)))))),
});
