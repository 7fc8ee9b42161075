// The card in place of a block that this runtime cannot play yet. It names the block and promises nothing else.
sprout.block("soon", {
  events: [],
  mount(box, kit) {
    const { h, icon, word } = kit;
    const name = word(`type_${kit.slots.type}`);
    box.append(h("div.card.mid.soon",
      icon(kit.app.icon, "m"),
      h("p.pill.plain", name.startsWith("type_") ? kit.slots.type : name),
      h("h3", kit.slots.title),
      h("p.muted", word("soon"))));
  },
});
