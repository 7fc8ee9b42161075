// Tabs and steps: the ways from one block to the next. Only pages of several blocks carry this.
paintNav = (list) => {
  const active = document.activeElement;
  const held = frame.nav.contains(active) || frame.foot.contains(active) ? active.dataset.act : "";
  const tabs = blueprint.layout === "tabs";
  frame.nav.replaceChildren(...(list.length ? [tabs ? tabBar(list) : beadBar(list)] : []));
  frame.foot.replaceChildren(...(list.length && !tabs ? stepButtons(list) : []));
  records.forEach((record) => {
    ["role", "id", "aria-labelledby"].forEach((name) => record.cell.removeAttribute(name));
    if (tabs && list.length) dress(record.cell, { role: "tabpanel", id: `panel-${record.id}`, "aria-labelledby": `tab-${record.id}` });
  });
  if (held) document.querySelector(`[data-act="${held}"]`)?.focus();
};

const tabBar = (list) => h("div.tabs", { role: "tablist", "aria-label": blueprint.title, "--n": list.length }, list.map((record, i) => {
  const here = i === place;
  const tab = button(`tab-${record.id}`, ".tab", { role: "tab", id: `tab-${record.id}`, "aria-selected": String(here),
    "aria-controls": `panel-${record.id}`, tabindex: here ? "0" : "-1" },
  icon(record.slots.icon) || icon(define(record.type).icon), h("span", record.slots.title));
  tab.addEventListener("click", () => goTo(record, false));
  tab.addEventListener("keydown", (event) => {
    const forward = root.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = root.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    const to = { [forward]: i + 1, [backward]: i - 1, Home: 0, End: list.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = list[(to + list.length) % list.length];
    goTo(next, false);
    document.getElementById(`tab-${next.id}`)?.focus();
  });
  return tab;
}));

const beadBar = (list) => h("ol.steps", { "aria-label": word("stepOf", { n: place + 1, total: list.length }) }, list.map((record, i) =>
  h("li", { class: [record.finished && "ok", i === place && "now"].filter(Boolean).join(" "), "aria-current": i === place && "step" },
    h("span.bead", record.finished && i !== place ? glyph("tick") : String(i + 1)), h("span.sr", record.slots.title))));

const stepButtons = (list) => {
  const back = button("step-back", ".btn.ghost", glyph("back"), word("back"));
  const next = button("step-next", list[place].finished ? ".btn" : ".btn.soft", word("next"), glyph("next"));
  back.addEventListener("click", () => goTo(list[place - 1]));
  next.addEventListener("click", () => goTo(list[place + 1]));
  return [place > 0 ? back : h("span"), place < list.length - 1 ? next : h("span")];
};
