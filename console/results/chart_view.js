// A result as a chart.

import { fill, h, newId } from "../dom.js";
import { count } from "../formats.js";
import { attempts } from "../parts/attempt.js";
import { scrolling } from "../parts/more.js";
import { locale, say } from "../words.js";
import { cellElement, columnText } from "./cell_view.js";
import { isNumeric } from "./columns.js";
import { latest } from "./latest.js";
import { pager } from "./pager.js";

const LIMITS = { bar: 200, line: 500, points: 1_000 };
const MOST_CHOICES = 500;
const ROWS = 50;

/** A chart of a part of a result, drawn anew when something else is chosen. Nothing is drawn without numbers. */
export function chartView({ ask, result, part, description, signal }) {
  const { columns, drawing } = description;
  if (drawing.y === undefined) return h("p", { class: "quiet" }, say("chart.no-numbers"));
  const { place, attempt } = attempts();
  const says = h("figcaption", {});
  const canvas = h("canvas", { role: "img" });
  const numbers = h("div", {});
  const chosen = { ...drawing, how: "sum" };
  let drawn = null;
  const draw = latest(() => attempt(drawChosen));
  signal?.addEventListener("abort", () => drawn?.end());
  draw();
  return h(
    "div",
    {},
    choices(columns, chosen, draw),
    place,
    h("figure", { class: "chart" }, says, h("div", { class: "canvas" }, canvas)),
    numbers,
  );

  async function drawChosen() {
    const now = { ...chosen };
    const { kind, ...wanted } = now;
    const [x, y] = [nameOf(columns, now.x), nameOf(columns, now.y)];
    const [{ drawChart }, points] = await Promise.all([
      import("./chart_drawing.js"),
      ask("points", { result, part, ...wanted, limit: LIMITS[kind] }),
    ]);
    const sentence = sentenceOf(columns, now, points);
    fill(
      says,
      h("p", {}, sentence),
      limitsOf(points).map((words) => h("p", { class: "note" }, words)),
    );
    canvas.setAttribute("aria-label", sentence);
    drawn?.end();
    drawn = drawChart(canvas, { ...points, kind, x, y, nameOfSeries });
    fill(numbers, numbersOf(points, x, y));
  }
}

const nameOf = (columns, at) => (at < 0 ? say("table.row") : columnText(columns[at]));

/** What a series is called; the only one of a chart has no name of its own. */
function nameOfSeries({ name, isRest, names }) {
  if (isRest) return say("chart.rest", { count: count(names) });
  if (name.kind === "absent") return "";
  return name.text === "" ? say("table.empty-text") : name.text;
}

function choices(columns, chosen, draw) {
  const places = columns.map((_, at) => at).slice(0, MOST_CHOICES);
  const named = (at) => [at, nameOf(columns, at)];
  const choose = (name, read) => (value) => ((chosen[name] = read(value)), draw());
  const select = (name, options, read = Number) =>
    choice(say(`chart.${name}`), options, chosen[name], choose(name, read));
  const words = (name, all) => all.map((one) => [one, say(`chart.${name}.${one}`)]);
  return h(
    "div",
    { class: "row choices" },
    select("kind", words("kind", ["bar", "line", "points"]), String),
    select("x", [-1, ...places].map(named)),
    select("y", places.filter((at) => isNumeric(columns[at])).map(named)),
    select("by", [[-1, say("chart.by.none")], ...places.map(named)]),
    select("how", words("how", ["sum", "mean"]), String),
  );
}

function choice(label, options, value, choose) {
  const id = newId("choice");
  const option = ([one, words]) => h("option", { value: one, selected: one === value }, words);
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    h("select", { id, change: (event) => choose(event.target.value) }, options.map(option)),
  );
}

function sentenceOf(columns, { x, y, by, how }, { isGrouped }) {
  const words = { x: nameOf(columns, x), y: nameOf(columns, y), by: by < 0 ? "" : nameOf(columns, by) };
  const what = isGrouped ? say(`chart.says.${how}`, words) : say("chart.says", words);
  return by < 0 ? `${what}.` : `${what}, ${say("chart.says.by", words)}.`;
}

/** What the chart leaves out, in sentences. */
function limitsOf({ xs, among, isEven, left, series }) {
  const rest = series.find(({ isRest }) => isRest);
  return [
    xs < among && say(isEven ? "chart.limit.even" : "chart.limit.first", { xs: count(xs), among: count(among) }),
    rest && say("chart.limit.series", { count: count(rest.names) }),
    left > 0 && say("chart.limit.left", { count: count(left) }),
  ].filter(Boolean);
}

/** The numbers that are drawn, for those who read them rather; they are made when asked for. */
function numbersOf({ labels, series }, x, y) {
  const body = h("tbody");
  const pages = pager({ size: ROWS, of: say("chart.values"), show });
  const heads = series.map((one) =>
    h("th", { scope: "col", class: "number" }, nameOfSeries({ name: { kind: "absent" }, ...one }) || y),
  );
  const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }, x), heads));
  const table = h("table", {}, h("caption", { class: "unseen" }, say("chart.numbers")), head, body);
  const toggle = (event) => event.target.open && body.childNodes.length === 0 && show(0);
  return h(
    "details",
    { toggle },
    h("summary", {}, say("chart.numbers")),
    scrolling(table, say("chart.numbers")),
    pages.element,
  );

  function show(from) {
    fill(
      body,
      labels.slice(from, from + ROWS).map((label, at) =>
        h(
          "tr",
          {},
          cellElement(label),
          series.map(({ values }) => amount(values[from + at])),
        ),
      ),
    );
    pages.at(from, labels.length);
  }
}

const AMOUNT = new Intl.NumberFormat(locale, { maximumSignificantDigits: 15 });

const amount = (number) =>
  h(
    "td",
    { class: "number" },
    number === null ? h("span", { class: "void" }, say("table.absent")) : AMOUNT.format(number),
  );
