// The page brings its project and what it needs to be drawn; this shows it.
const brought = (id) => JSON.parse(document.getElementById(id).textContent);
const first = { ...brought("sprout-parts"), document: brought("sprout-project") };
show(first);
