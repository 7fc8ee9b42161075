// The page brings its project and what it needs to be drawn; this shows it, once its bar has been painted.
const brought = (id) => JSON.parse(document.getElementById(id).textContent);
const start = () => { if (!blueprint) show({ ...brought("sprout-parts"), document: brought("sprout-project") }); };
const LONGEST_MS = 80;   // where no frame comes: a page that nobody looks at
if (document.hidden) start();
else requestAnimationFrame(() => setTimeout(start));
setTimeout(start, LONGEST_MS);
