// Hills under a sky: where the hero of a story or a pet stands. Only pages with one of them carry this.
const HILLS = `<svg xmlns="${SVG_NAME}" class="hills" viewBox="0 0 400 300" preserveAspectRatio="none" aria-hidden="true">` +
  '<path class="far" d="M0 190C80 130 150 160 210 190S330 150 400 180V300H0z"/><path d="M0 230C70 190 160 215 230 232S340 210 400 225V300H0z"/></svg>';

const meadow = (...parts) => h("div.meadow", drawing(HILLS), parts);
