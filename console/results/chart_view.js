// @ts-check
// A result as a chart.

/**
 * @import { Aggregate, Cell, ChartData, ChartKind, ChartPoints, Column, DescribedColumn, Series,
 *   ShownPart } from "../types.js"
 */

import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { count, perLocale } from "../formats.js";
import { loadModule } from "../load_module.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { choice } from "../parts/field.js";
import { scrolling } from "../parts/paged_table.js";
import { say } from "../words.js";
import { cellElement, columnText } from "./cell_view.js";
import { isNumeric } from "./columns.js";
import { latest } from "./latest.js";
import { pager } from "./pager.js";

const LIMITS = { bar: 200, line: 500, points: 1_000 };
const MAX_CHOICES = 500;
const ROWS = 50;

/** @type {ChartKind[]} */
const KINDS = ["bar", "line", "points"];
/** @type {Aggregate[]} */
const AGGREGATES = ["sum", "mean"];

/** @typedef {ChartData & { kind: ChartKind }} Selection */

/**
 * A chart of a part of a result, with controls that redraw it.
 * @param {ShownPart} part
 */
export function chartView({ query, result, part, description, signal }) {
  const { columns, chart } = description;
  const { y } = chart;
  if (y === undefined) return h("p", { class: "quiet" }, say("chart.no-numbers"));
  const { errorArea, attempt } = withErrorDisplay();
  const caption = h("figcaption");
  const canvas = h("canvas", { role: "img" });
  const data = h("div");
  /** @type {Selection} */
  const selection = { ...chart, y, how: "sum" };
  /** @type {{ end: () => void } | null} */
  let drawn = null;
  const redraw = latest(() => attempt(draw));
  signal?.addEventListener("abort", () => drawn?.end());
  redraw();
  return h(
    "div",
    {},
    controls(columns, selection, redraw),
    errorArea,
    h("figure", { class: "chart" }, caption, h("div", { class: "canvas" }, canvas)),
    data,
  );

  async function draw() {
    const { kind, ...wanted } = selection;
    const names = { x: nameOf(columns, wanted.x), y: nameOf(columns, wanted.y) };
    const [{ drawChart }, points] = await Promise.all([
      loadModule(import("./chart_drawing.js")),
      query("points", { result, part, ...wanted, limit: LIMITS[kind] }),
    ]);
    const sentence = sentenceOf(columns, wanted, points);
    fill(
      caption,
      h("p", {}, sentence),
      omissionsOf(points).map((words) => h("p", { class: "note" }, words)),
    );
    canvas.setAttribute("aria-label", sentence);
    drawn?.end();
    drawn = drawChart(canvas, { ...points, kind, ...names, nameOfSeries });
    fill(data, dataOf(points, names.x, names.y));
  }
}

/**
 * @param {Column[]} columns
 * @param {number} at
 */
const nameOf = (columns, at) => (at < 0 ? say("table.row") : columnText(columns[at]));

/**
 * The name of a series; the only one of a chart has none.
 * @param {Series<Cell>} series
 */
function nameOfSeries({ name, isRest, names = 0 }) {
  if (isRest) return say("chart.rest", { count: count(names) });
  if (name === undefined || name.kind === "absent") return "";
  return name.text === "" ? say("table.empty-text") : name.text;
}

/**
 * The controls of a chart. They change the selection and redraw.
 * @param {DescribedColumn[]} columns
 * @param {Selection} selection
 * @param {() => unknown} redraw
 */
function controls(columns, selection, redraw) {
  const places = columns.map((_, at) => at).slice(0, MAX_CHOICES);
  /**
   * @param {number} at
   * @returns {[number, string]}
   */
  const option = (at) => [at, nameOf(columns, at)];
  /** @param {Partial<Selection>} change */
  const select = (change) => {
    Object.assign(selection, change);
    redraw();
  };
  /**
   * @param {"x" | "y" | "by"} name
   * @param {[number, string][]} options
   */
  const columnChoice = (name, options) =>
    choice(say(`chart.${name}`), options, {
      value: selection[name],
      choose: (value) => select({ [name]: Number(value) }),
    });
  const numeric = places.filter((at) => isNumeric(columns[at]));
  const fields = [
    choice(
      say("chart.kind"),
      KINDS.map((kind) => /** @type {const} */ ([kind, say(`chart.kind.${kind}`)])),
      {
        value: selection.kind,
        choose: (kind) => select({ kind: /** @type {ChartKind} */ (kind) }),
      },
    ),
    columnChoice("x", [-1, ...places].map(option)),
    columnChoice("y", numeric.map(option)),
    columnChoice("by", [[-1, say("chart.by.none")], ...places.map(option)]),
    choice(
      say("chart.how"),
      AGGREGATES.map((how) => /** @type {const} */ ([how, say(`chart.how.${how}`)])),
      {
        value: selection.how,
        choose: (how) => select({ how: /** @type {Aggregate} */ (how) }),
      },
    ),
  ];
  return h(
    "div",
    { class: "row choices" },
    fields.map(({ element }) => element),
  );
}

/**
 * @param {Column[]} columns
 * @param {ChartData} data
 * @param {ChartPoints} points
 */
function sentenceOf(columns, { x, y, by, how }, { isGrouped }) {
  const words = { x: nameOf(columns, x), y: nameOf(columns, y), by: by < 0 ? "" : nameOf(columns, by) };
  const what = isGrouped ? say(`chart.says.${how}`, words) : say("chart.says", words);
  return by < 0 ? `${what}.` : `${what}, ${say("chart.says.by", words)}.`;
}

/**
 * The data that the chart omits, in sentences.
 * @param {ChartPoints} points
 */
function omissionsOf({ xs, among, isEven, left, series }) {
  const rest = series.find(({ isRest }) => isRest);
  const sentences = [];
  if (xs < among)
    sentences.push(say(isEven ? "chart.limit.even" : "chart.limit.first", { xs: count(xs), among: count(among) }));
  if (rest) sentences.push(counted("chart.limit.series", rest.names ?? 0));
  if (left > 0) sentences.push(counted("chart.limit.left", left));
  return sentences;
}

/**
 * The chart's data as a table, which is filled when it is opened first.
 * @param {ChartPoints} points
 * @param {string} x
 * @param {string} y
 */
function dataOf({ labels, series }, x, y) {
  const body = h("tbody");
  const pages = pager({ size: ROWS, of: "chart.values", show });
  const heads = series.map((one) => h("th", { scope: "col", class: "number" }, nameOfSeries(one) || y));
  const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }, x), heads));
  const table = h("table", {}, h("caption", { class: "visually-hidden" }, say("chart.numbers")), head, body);
  const toggle = () => {
    if (details.open && body.childNodes.length === 0) show(0);
  };
  const details = h(
    "details",
    { toggle },
    h("summary", {}, say("chart.numbers")),
    scrolling(table, say("chart.numbers")),
    pages.element,
  );
  return details;

  /** @param {number} from */
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

const amounts = perLocale((locale) => new Intl.NumberFormat(locale, { maximumSignificantDigits: 15 }));

/** @param {number | null} number */
const amount = (number) =>
  h(
    "td",
    { class: "number" },
    number === null ? h("span", { class: "void" }, say("table.absent")) : amounts().format(number),
  );
