/* Pictures of results, drawn by Apache ECharts from the data beside them.
 *
 * <figure data-chart="chart-1" hidden><div class="chart-canvas">…</div><figcaption class="chart-legend">…</figcaption></figure>
 * <script id="chart-1" type="application/json">{"kind": "columns" | "dots" | "lines", …}</script>
 *
 * The shapes are said in tasks/queries/charts.py. Colours are the tokens of the page, read again when the theme changes.
 * Where a picture stands, the table behind it is closed; what a reader opened stays open when answers come in.
 */

const COLOURS = ["--river-3", "--ink-2", "--river-2", "--edge", "--river-4", "--ink"];
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];
const SHAPES = {
  circle: "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z",
  rect: "M1.5 1.5h9v9h-9z",
  triangle: "M6 1l5.5 10H.5z",
  diamond: "M6 0l6 6-6 6-6-6z",
};
const LINE = 34; // pixels for one row of dots
const NARROW = 520;
const drawn = new Map(); // canvas: chart
const opened = new Map(); // id of a details: whether it is open
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Tokens as colours that a canvas understands. */
function palette() {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.transition = "none"; // where motion is reduced everything has a short one, and a colour is read at its start
  const read = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = { ink: read("--ink"), soft: read("--ink-2"), line: read("--line"), bar: read("--river-2"), mean: read("--river-3"), card: read("--card"), series: COLOURS.map(read) };
  probe.remove();
  return found;
}

const text = (colours) => ({ color: colours.soft, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 });

function axis(colours, more) {
  return {
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colours.line } },
    axisLabel: { ...text(colours), hideOverlap: true, ...more.axisLabel },
    ...Object.fromEntries(Object.entries(more).filter(([name]) => name !== "axisLabel")),
  };
}

/** An axis of places 0, 1, 2 … that are named. */
function places(colours, labels, first, more) {
  return axis(colours, {
    type: "value", min: first - 0.5, max: first + labels.length - 0.5, splitLine: { show: false }, ...more,
    axisLabel: { customValues: labels.map((_label, place) => first + place), formatter: (value) => labels[value - first] ?? "", hideOverlap: false, ...more?.axisLabel },
  });
}

function values(colours, data, low, high) {
  return axis(colours, { type: "value", min: low ?? undefined, max: high ?? undefined, splitNumber: 4, axisLabel: { formatter: `{value}${data.unit}` } });
}

/** Whiskers as one broken line: from end to end of each interval. */
function whiskers(ends, colour) {
  return { type: "line", data: ends.flatMap(([from, to]) => [from, to, [NaN, NaN]]), symbol: "none", silent: true, connectNulls: false, lineStyle: { color: colour, width: 1.6 }, z: 3 };
}

function columns(data, colours) {
  const at = (step) => data.first + step;
  const most = Math.max(10, ...data.whiskers.filter(Boolean).map((ends) => ends[1]), ...data.values.filter((value) => value !== null));
  const top = Math.min(100, Math.ceil((most + 4) / 10) * 10);
  const bars = data.values.map((value, step) => [at(step), value]).filter(([, value]) => value !== null);
  const ends = data.whiskers.flatMap((pair, step) => (pair && data.values[step] > 0 ? [[[at(step), pair[0]], [at(step), pair[1]]]] : []));
  const series = [
    { type: "bar", data: bars, barWidth: "62%", itemStyle: { color: colours.bar, borderRadius: [5, 5, 0, 0] }, silent: true },
    whiskers(ends, colours.soft),
  ];
  if (data.mean !== null) {
    const mean = { type: "line", symbol: "none", silent: true, z: 2 };
    series.push({ ...mean, data: [[data.mean, 0], [data.mean, top]], lineStyle: { color: colours.mean, width: 2, type: "dashed" }, endLabel: { show: false } });
    if (data.mean_ends[0] !== null) {
      series.push({ ...mean, data: data.mean_ends.map((end) => [Math.min(at(data.values.length) - 0.5, Math.max(data.first - 0.5, end)), top]), lineStyle: { color: colours.mean, width: 6, cap: "round" } });
    }
  }
  return { xAxis: places(colours, data.labels, data.first), yAxis: values(colours, data, 0, top), series };
}

function dots(data, colours, width) {
  const many = data.series.length;
  const series = data.series.flatMap((one, place) => {
    const shift = (place - (many - 1) / 2) * (0.66 / many);
    const told = one.points.map((point, row) => [point, row + shift]).filter(([point]) => point[0] !== null);
    const ends = told.filter(([point]) => point[1] !== null).map(([point, row]) => [[point[1], row], [point[2], row]]);
    const colour = colours.series[place % colours.series.length];
    return [
      { ...whiskers(ends, colour), z: 2 },
      { type: "line", data: told.map(([point, row]) => [point[0], row]), lineStyle: { width: 0 }, symbol: SYMBOLS[place % SYMBOLS.length], symbolSize: 9, itemStyle: { color: colour, borderWidth: 2 }, showAllSymbol: true, silent: true, z: 4 },
    ];
  });
  const room = Math.min(190, width * 0.36);
  return {
    height: Math.max(data.labels.length * Math.max(LINE, many * 15) + 40, 130),
    grid: { left: room + 12 },
    xAxis: values(colours, data, data.low, data.high),
    yAxis: places(colours, data.labels, 0, { inverse: true, axisLabel: { width: room, overflow: "break", lineHeight: 16, color: colours.ink } }),
    series,
  };
}

function lines(data, colours) {
  const series = data.series.flatMap((one, place) => {
    const colour = colours.series[place % colours.series.length];
    const shift = (place - (data.series.length - 1) / 2) * 0.03;
    const told = one.points.map((point, wave) => [point, wave + shift]);
    const ends = told.filter(([point]) => point[0] !== null).map(([point, wave]) => [[wave, point[1]], [wave, point[2]]]);
    return [
      { ...whiskers(ends, colour), z: 2 },
      { type: "line", data: told.map(([point, wave]) => [wave, point[0] ?? NaN]), symbol: SYMBOLS[place % SYMBOLS.length], symbolSize: 9, itemStyle: { color: colour }, lineStyle: { color: colour, width: one.clear || data.series.length === 1 ? 3 : 1.6 }, showAllSymbol: true, silent: true, z: 4 },
    ];
  });
  return { xAxis: places(colours, data.labels, 0), yAxis: values(colours, data, data.low, data.high), series };
}

const KINDS = { columns, dots, lines };

function draw(figure) {
  const source = document.getElementById(figure.dataset.chart);
  const canvas = figure.querySelector(".chart-canvas");
  if (!source || !canvas || !window.echarts) return;
  const data = JSON.parse(source.textContent);
  const fresh = !drawn.has(canvas);
  figure.hidden = false;
  const colours = palette();
  const { height, grid, ...options } = KINDS[data.kind](data, colours, canvas.clientWidth);
  if (height) canvas.style.height = `${height}px`;
  const chart = drawn.get(canvas) ?? window.echarts.init(canvas, null, { renderer: "canvas" });
  drawn.set(canvas, chart);
  chart.setOption({ animation: fresh && !still.matches && !opened.size, animationDuration: 160, textStyle: text(colours), grid: { left: 48, right: canvas.clientWidth < NARROW ? 14 : 28, top: 14, bottom: 30, ...grid }, ...options }, true);
  chart.resize();
  legend(figure.querySelector(".chart-legend"), data, colours);
  watch.observe(canvas);
}

function legend(place, data, colours) {
  place.replaceChildren();
  if (data.kind === "columns") {
    if (data.mean !== null) place.append(entry("M0 6h3M5 6h3M10 6h3", colours.mean, `${data.mean_label} ${data.mean}`, true));
    return;
  }
  data.series.forEach((one, at) => {
    if (!one.name) return;
    const symbol = SYMBOLS[at % SYMBOLS.length];
    const empty = symbol.startsWith("empty");
    const shape = SHAPES[empty ? symbol.slice(5).toLowerCase() : symbol];
    place.append(entry(shape, colours.series[at % colours.series.length], one.name, empty));
  });
}

function entry(shape, colour, words, outlined) {
  const line = document.createElement("span");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  svg.setAttribute("viewBox", "0 0 12 12");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", shape);
  path.setAttribute("fill", outlined ? "none" : colour);
  path.setAttribute("stroke", colour);
  path.setAttribute("stroke-width", outlined ? "2" : "0");
  line.append(svg, words);
  return line;
}

function drawAll() {
  for (const [canvas, chart] of drawn) {
    if (canvas.isConnected) continue;
    watch.unobserve(canvas);
    chart.dispose();
    drawn.delete(canvas);
  }
  document.querySelectorAll("[data-chart]").forEach(draw);
}

/** Behind a picture the table waits closed, unless somebody opened it. */
function settle() {
  for (const details of document.querySelectorAll(".behind[id]")) {
    const pictured = details.hasAttribute("data-behind") && window.echarts;
    if (opened.has(details.id)) details.open = opened.get(details.id);
    else if (pictured) details.open = false;
  }
}

function remember() {
  for (const details of document.querySelectorAll(".behind[id]")) opened.set(details.id, details.open);
}

const widths = new WeakMap();
const watch = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const before = widths.get(target);
    widths.set(target, contentRect.width);
    if (before !== undefined && before !== contentRect.width) draw(target.closest("[data-chart]"));
  }
});

new MutationObserver(drawAll).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
dark.addEventListener("change", drawAll);
document.addEventListener("htmx:beforeSwap", remember);
document.addEventListener("htmx:afterSettle", () => {
  settle();
  drawAll();
});
settle();
drawAll();
