// The page around the blocks: theme, bar, menu, the four layouts, printing.
const root = document.documentElement;
let place = 0;              // which block tabs and steps show
let settings = {};          // sound and text size, as the player left them
let frame = null;           // elements of the page now on screen

const dressPage = (parts) => {
  const theme = blueprint.theme;
  settings = kept("app") || {};
  quiet = settings.quiet === true;
  for (const [name, value] of Object.entries(parts.tokens)) root.style.setProperty(`--${name}`, value);
  root.style.colorScheme = theme.mode;
  root.lang = blueprint.language;
  root.dir = blueprint.language === "ar" ? "rtl" : "ltr";
  Object.assign(root.dataset, { font: theme.font, mode: theme.mode, background: theme.background,
    size: ["normal", "large"].includes(settings.size) ? settings.size : theme.size });
  document.title = blueprint.title;
  const data = document.getElementById("sprout-project");
  const text = JSON.stringify(project).replace(/</g, "\\u003c");
  if (data && ready) data.textContent = text;
};

const setSetting = (name, value) => {
  settings = { ...settings, [name]: value };
  keep("app", settings);
};

const soundButton = () => {
  const made = button("sound", ".round", { "aria-label": word(quiet ? "soundOff" : "soundOn"), "aria-pressed": String(!quiet) },
    glyph(quiet ? "mute" : "sound"));
  made.addEventListener("click", () => {
    quiet = !quiet;
    if (quiet && window.speechSynthesis) window.speechSynthesis.cancel();
    const next = soundButton();
    made.replaceWith(next);
    next.focus();
    setSetting("quiet", quiet);
    say(word(quiet ? "soundOff" : "soundOn"));
    sound("tap");
  });
  return made;
};

const badge = () => {
  const picture = icon(blueprint.icon);
  return picture && h("span.badge", picture);
};

const buildBar = () => {
  const menu = button("menu", ".round", { "aria-label": word("menu"), "aria-haspopup": "dialog" }, glyph("menu"));
  menu.addEventListener("click", openMenu);
  return h("header.bar", badge(), h("h1", { dir: "auto" }, blueprint.title), soundButton(), menu);
};

// Menu and about: one native dialog, so that Escape, the ring and the reading order are the browser's own.
const openDialog = (name, ...parts) => {
  document.querySelector("dialog")?.remove();
  const close = button("close", ".btn.soft.wide", word("close"));
  const dialog = h("dialog.sheetbox", { "data-dialog": name, "aria-labelledby": "dialog-title" }, parts, close);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
};

// Back to the first moment, with nothing kept; what cannot be brought back is asked for first.
const restartAll = () => {
  records.forEach(restart);
  goTo(records.find((one) => !one.hidden));
  say(word("startedOver"));
};

const isPrecious = (record) => safely(record, () => define(record.type).precious?.(record.kit));
const startOver = () => {
  if (!records.some(isPrecious)) { restartAll(); return; }
  const erase = button("erase", ".btn.wide", word("eraseAll"));
  const dialog = openDialog("erase", h("h2", { id: "dialog-title" }, word("eraseTitle")), h("p", word("eraseMore")), erase);
  dialog.querySelector("[data-act=close]").textContent = word("keepAll");
  erase.addEventListener("click", () => { dialog.close(); restartAll(); });
};

const openMenu = () => {
  const rows = [
    ["over", "again", "startOver", startOver],
    ["size", "text", root.dataset.size === "large" ? "smallerText" : "largerText", () => {
      root.dataset.size = root.dataset.size === "large" ? "normal" : "large";
      setSetting("size", root.dataset.size);
      fitAll();
    }],
    ["print", "print", "print", () => window.print()],
    ["about", "info", "about", openAbout],
  ];
  const dialog = openDialog("menu", h("h2", { id: "dialog-title" }, word("menu")), rows.map(([act, picture, label, work]) => {
    const row = button(act, ".btn.soft.wide.menurow", glyph(picture), word(label));
    row.addEventListener("click", () => { dialog.close(); work(); });
    return row;
  }));
};

const openAbout = () => {
  const wishes = project.prompts.map((text) => h("li", { dir: "auto" }, text));
  const credits = project.credits.map((one) => h("li", { dir: "auto" }, one.by ? word("creditBy", { title: one.title, by: one.by }) : one.title));
  openDialog("about",
    h("h2", { id: "dialog-title", dir: "auto" }, blueprint.title),
    blueprint.about && h("p", { dir: "auto" }, blueprint.about),
    wishes.length > 0 && [h("h3", word("howMade")), h("ol.wishes", wishes)],
    credits.length > 0 && [h("h3", word("remixOf")), h("ul.wishes", credits)],
    h("p.muted.small", word("madeWith", { name: project.made_with })),
    h("p.muted.small", word(refused ? "notKept" : inStudio() ? "keptInStudio" : "keptHere")));
};

const stepped = () => blueprint.layout === "tabs" || blueprint.layout === "steps";
const visible = () => records.filter((one) => !one.hidden);

const buildFrame = (parts) => {
  const active = document.activeElement;
  const scene = parts.scene ? drawing(parts.scene.replace("<svg ", `<svg xmlns="${SVG_NAME}" `)) : null;
  const stage = h("main.stage", { "data-layout": blueprint.layout, "data-count": records.length }, records.map((one) => one.cell));
  if (records.length === 1) stage.classList.add("solo");
  if (stepped()) stage.classList.add("single");
  const wide = records.some((one) => define(one.type).wide) || blueprint.layout === "grid";
  document.body.style.setProperty("--col", wide ? "56rem" : "44rem");
  frame = { stage, nav: h("nav.places"), foot: h("footer.stepper") };
  document.querySelector("dialog")?.remove();
  document.body.replaceChildren(...[scene, buildBar(), frame.nav, stage, frame.foot, live, h("div.paper")].filter(Boolean));
  document.body.dataset.layout = records.length > 1 ? blueprint.layout : "stack";
  if (banner) document.body.append(banner);
  if (active !== document.body && active?.isConnected) active.focus({ preventScroll: true });
  place = Math.min(place, Math.max(0, visible().length - 1));
};

// Called when a block appears, goes or finishes: marks, tabs and beads follow, and `start` fires once each.
let settling = false;
let paintNav = () => {};   // places.js, on pages of several blocks
const frameChanged = () => {
  if (!frame || !ready || settling) return;
  settling = true;
  const list = visible();
  place = Math.min(place, Math.max(0, list.length - 1));
  const one = stepped() && list.length > 1;
  records.forEach((record) => { record.cell.hidden = record.hidden || (one && record !== list[place]); });
  paintNav(one ? list : []);
  settling = false;
  fitAll();
  for (const record of list) {
    if (record.started || record.cell.hidden) continue;
    record.started = true;
    fire(record, "start");
  }
};

const goTo = (record, focus = true) => {
  const list = visible();
  if (!record || !list.includes(record)) return;
  place = list.indexOf(record);
  frameChanged();
  if (stepped()) window.scrollTo(0, 0);
  else if (records.length > 1) record.section.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });
  if (focus && document.activeElement !== document.body) record.head.querySelector(".name")?.focus({ preventScroll: true });
};

// Paper: black on white, a line for the name; each block may lay out its own sheet.
const paperOf = (record) => {
  const own = define(record.type).sheet;
  const sheet = own ? safely(record, () => own(record.kit)) : h("p", word("livesOnScreen"));
  return h("section", records.length > 1 && h("h2", record.slots.title), sheet);
};
addEventListener("beforeprint", () => {
  const lines = h("p.lines", h("span", word("nameLine")), h("span", word("dateLine")));
  document.querySelector(".paper")?.replaceChildren(h("h1", blueprint.title), lines, ...visible().map(paperOf));
});
addEventListener("afterprint", () => document.querySelector(".paper")?.replaceChildren());
