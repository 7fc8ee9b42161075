// Words to read: plain, on a card, as a hero, or as a tip. It becomes a button's neighbour when a rule listens.
sprout.block("note", {
  events: ["click"],
  ownTitle: true,
  icon: "book",
  mount(box, kit) {
    const { h, icon, glyph, word, slots } = kit;
    const click = () => { kit.sound("tap"); kit.fire("click"); };
    const lines = slots.text.split("\n").filter((line) => line.trim());
    const go = kit.heard("click") && kit.button("go", ".btn", word("goOn"), glyph("next"));
    const lead = slots.style === "tip" ? h("span.bulb", glyph("bulb")) : icon(slots.icon, slots.style === "hero" ? "xl" : "m");
    box.append(h(`article.note.${slots.style}`, { "data-act": "click", click },
      lead, h("div.words", h("h3", { dir: "auto", "aria-hidden": "true" }, slots.title), lines.map((line) => h("p", { dir: "auto" }, line)), go)));
  },
  sheet: ({ h, slots }) => h("div", slots.text.split("\n").map((line) => h("p", line))),
});
