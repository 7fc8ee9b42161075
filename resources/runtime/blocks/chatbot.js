// A character to talk to. It answers from its own words: the reply whose keys fit best. Where the page may ask a
// model and the author wants it, the model answers, and its own words stand in when it cannot.
const MOST_TURNS = 40;
const MOST_LETTERS = 200;
const TURNS_ASKED = 8;

// Words as they are compared: no case, no accents, no plural s, a space around each. Twice, because an apostrophe
// stands inside a word or between two.
const forms = (text) => ["", " "].map((gap) => {
  const plain = text.toUpperCase().toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u0652]/g, "").replace(/['’]/g, gap);
  return ` ${plain.replace(/\p{Script=Han}/gu, " $& ")} `.replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").replace(/(?<=\S{3})s(?= )/g, "");
});
const holds = (text, words) => {
  const inside = forms(words);
  return forms(text).some((form, i) => inside[i][1] && form.includes(inside[i]));
};

// The number of the reply whose fitting keys have the most words, and then the most letters; or -1.
const best = (replies, fitting) => {
  const points = replies.map((reply) => fitting(reply).reduce((sum, one) => sum + 50 * one.split(" ").length + one.length, 0));
  const most = Math.max(...points);
  return most ? points.indexOf(most) : -1;
};
const match = (replies, text, topic) => {
  const found = best(replies, (reply) => reply.keys.filter((key) => holds(text, key)));
  return found < 0 && topic ? best(replies, (reply) => text.split(" ").filter((one) => holds(reply.say, one))) : found;
};

// What it does not know it says, in other words each time, and tells what to ask about.
const unsure = ({ state, slots, word }) => {
  const known = slots.topics.length ? slots.topics : slots.replies.map((reply) => reply.keys[0]);
  state.lost += 1;
  if (state.lost % 2) return word("chatOnly", { list: known.join(", ") });
  return word("chatTry", { list: known.concat(known).slice(state.lost % known.length).slice(0, Math.min(3, known.length)).join(", ") });
};

const own = (kit, text, topic, from) => {
  const reply = match(kit.slots.replies, text, topic);
  return { text: reply < 0 ? unsure(kit) : kit.slots.replies[reply].say, from };
};

const add = (state, turn) => { state.turns = [...state.turns, turn].slice(-MOST_TURNS); };

const answer = (kit, turn) => {
  kit.state.waiting = null;
  add(kit.state, turn);
  kit.sound("good");
  kit.say(`${kit.slots.name}: ${turn.text}`, kit.word(turn.from));
  kit.paint();
  kit.fire("change");
};

const talk = (kit, words, topic) => {
  const { state, slots } = kit;
  const text = words.trim();
  if (!text || state.waiting) return;
  add(state, { text, you: true });
  state.draft = "";
  const stop = slots.model && kit.ask(question(kit), (said, news) => hear(kit, said.trim(), news, () => own(kit, text, topic, "chatFailed")));
  if (!stop) { answer(kit, own(kit, text, topic, "chatOwn")); return; }
  state.waiting = { stop, said: "" };
  kit.sound("tap");
  kit.paint();
};

const question = ({ state, slots, app }) => [`You are ${slots.name}. ${slots.persona} You talk to a child: short, kind sentences. Language: ${app.language}.`,
  ...state.turns.slice(-TURNS_ASKED).map((turn) => `${turn.you ? "Child" : slots.name}: ${turn.text.slice(0, 400)}`), `${slots.name}:`].join("\n");

const hear = (kit, said, news, instead) => {
  const { waiting } = kit.state;
  if (!waiting) return;
  waiting.said = said;
  const bubble = kit.section.querySelector(".waiting");
  if (news !== "more") answer(kit, news === "done" && said ? { text: said, from: "chatModel" } : instead());
  else if (said) bubble.textContent = said;
  toEnd(kit.section);
};

const halt = (kit) => {
  const { stop, said } = kit.state.waiting;
  stop();
  kit.state.waiting = null;
  if (said) answer(kit, { text: said, from: "chatModel" });
  else kit.paint();
  kit.section.querySelector("[data-act=write]").focus();
};

const toEnd = (box) => {
  const chat = box.querySelector(".chat");
  chat.scrollTop = chat.scrollHeight;
};

// Where an answer came from stands under the newest one, and under each from the model.
const bubble = ({ h, icon, slots, word }, turn, i, all) => h(turn.you ? "li.you" : "li", !turn.you && icon(slots.icon),
  h("p", { dir: "auto" }, h("span.sr", `${turn.you ? word("chatYou") : slots.name}: `), turn.text),
  turn.from && (i === all.length - 1 || turn.from !== "chatOwn") && h("small.muted", word(turn.from)));

const thinking = ({ state, slots, h, icon, word }) => h("li", icon(slots.icon), h("p.waiting", { dir: "auto" }, state.waiting.said
  || [word("chatThinks", { name: slots.name }), [1, 2, 3].map(() => h("i.typing"))]));

const writer = (kit) => {
  const { state, h, glyph, word } = kit;
  const input = h("input.field", { "data-act": "write", maxlength: MOST_LETTERS, placeholder: word("chatWrite"), "aria-label": word("chatWrite"), autocomplete: "off", enterkeyhint: "send", dir: "auto" });
  input.value = state.draft;
  input.addEventListener("input", () => { state.draft = input.value; });
  const main = state.waiting ? kit.button("stop", ".btn", glyph("stop"), word("stop"))
    : h("button.btn", { type: "submit", "data-act": "send", "aria-label": word("chatSend") }, glyph("next"));
  if (state.waiting) main.addEventListener("click", () => halt(kit));
  const form = h("form.row.writer", input, main);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    input.focus();
    talk(kit, input.value);
  });
  return form;
};

sprout.block("chatbot", {
  events: ["change"],
  icon: "smile",
  fresh(kit) {
    kit.state.waiting?.stop();
    return { turns: [], draft: "", lost: 0, waiting: null };
  },
  adapt: (state) => state,
  mount(box, kit) {
    const { state, slots, h, icon, word } = kit;
    const topics = slots.topics.map((topic) => {
      const chip = kit.button("topic", ".chip", { dir: "auto" }, topic);
      chip.addEventListener("click", () => talk(kit, topic, true));
      return chip;
    });
    if (!state.turns.length) box.classList.add("first");
    box.append(h("div.row.who", icon(slots.icon, "m bob"), h("h3", { dir: "auto" }, slots.name)),
      h("ol.chat", { tabindex: "0", "aria-label": word("chatWith", { name: slots.name }) },
        [{ text: slots.greeting }, ...state.turns].map((...turn) => bubble(kit, ...turn)), state.waiting && thinking(kit)),
      h("div.actions", topics.length > 0 && h("div.row.chips", topics), writer(kit)));
  },
  fit: toEnd,
  look(kit, list, item) {
    if (list === "topics") return kit.section.querySelectorAll(".chip")[item];
    const { keys, say } = kit.slots.replies[item];
    kit.state.turns = [{ text: keys[0], you: true }, { text: say, from: "chatOwn" }];
    kit.paint();
  },
});
