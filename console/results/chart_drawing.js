// @ts-check
// Draws charts. It imports the chart library, so it is loaded with the first chart.

/** @import { Chart as ChartInstance, ChartConfiguration, ChartDataset, Point } from "../../vendor/chart.js" */
/** @import { Cell, ChartKind, ChartLabel, ChartPoints, Series } from "../types.js" */

import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "../../vendor/chart.js";
import { h } from "../dom.js";
import { locale } from "../words.js";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

// Series differ by more than their colours.
const SHAPES = /** @type {const} */ ([
  "circle",
  "triangle",
  "rect",
  "rectRot",
  "crossRot",
  "star",
  "cross",
  "rectRounded",
]);
const DASHES = [[], [6, 3], [2, 2], [10, 3, 2, 3], [4, 4], [12, 4], [1, 3], [8, 2, 2, 2]];
const LABEL_CHARACTERS = 30;
const MAX_MARKED_POINTS = 100;

const darkScheme = matchMedia("(prefers-color-scheme: dark)");

/**
 * Points with the kind of their chart and the names of its axes.
 * @typedef {ChartPoints & { kind: ChartKind, x: string, y: string, nameOfSeries: (series: Series<Cell>) => string }} Drawing
 */

/** @typedef {{ ink: string, line: string, series: string[] }} Colours */

/**
 * Draw a chart. `end()` releases it.
 * @param {HTMLCanvasElement} canvas
 * @param {Drawing} drawing
 */
export function drawChart(canvas, drawing) {
  /** @type {ChartInstance<"bar" | "line", (number | Point | null)[], string>} */
  const chart = new Chart(canvas, configuration(canvas, drawing));
  const repaint = () => {
    const { data, options } = configuration(canvas, drawing);
    Object.assign(chart, { options });
    chart.data.datasets = data.datasets;
    chart.update("none");
  };
  darkScheme.addEventListener("change", repaint);
  return {
    end: () => {
      darkScheme.removeEventListener("change", repaint);
      chart.destroy();
    },
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Drawing} drawing
 * @returns {ChartConfiguration<"bar" | "line", (number | Point | null)[], string>}
 */
function configuration(canvas, drawing) {
  const { kind, labels, series, isOrdinal } = drawing;
  const colours = coloursAt(canvas);
  const isLinear = kind !== "bar" && labels.length > 0 && !isOrdinal;
  return {
    type: kind === "bar" ? "bar" : "line",
    data: {
      labels: isLinear ? undefined : labels.map(labelText),
      datasets: series.map((one, at) => dataset(drawing, one, at, colours, isLinear)),
    },
    options: options(drawing, colours, isLinear),
  };
}

/** @param {ChartLabel} label */
const labelText = ({ kind, text }) => {
  if (kind === "absent") return "–";
  return text.length > LABEL_CHARACTERS ? `${text.slice(0, LABEL_CHARACTERS)}…` : text;
};

/**
 * @param {Drawing} drawing
 * @param {Series<Cell>} series
 * @param {number} at
 * @param {Colours} colours
 * @param {boolean} isLinear
 * @returns {ChartDataset<"bar" | "line", (number | Point | null)[]>}
 */
function dataset({ kind, labels, nameOfSeries, y }, series, at, colours, isLinear) {
  const colour = colours.series[at % colours.series.length];
  return {
    label: nameOfSeries(series) || y,
    data: isLinear ? linearPoints(labels, series.values) : series.values,
    backgroundColor: colour,
    borderColor: colour,
    borderWidth: kind === "bar" ? 0 : 2,
    borderDash: DASHES[at],
    pointStyle: kind === "bar" ? "rect" : SHAPES[at],
    pointRadius: kind === "points" || labels.length <= MAX_MARKED_POINTS ? 4 : 0,
    showLine: kind === "line",
    spanGaps: true,
  };
}

/**
 * The points along a numeric axis, where missing values need no place.
 * @param {ChartLabel[]} labels
 * @param {(number | null)[]} values
 * @returns {Point[]}
 */
const linearPoints = (labels, values) =>
  values.flatMap((y, at) => {
    const x = labels[at].number;
    return y === null || x === undefined ? [] : [{ x, y }];
  });

/**
 * @param {Drawing} drawing
 * @param {Colours} colours
 * @param {boolean} isLinear
 * @returns {ChartConfiguration<"bar" | "line">["options"]}
 */
function options({ x, y, labels, series }, { ink, line }, isLinear) {
  /**
   * @param {string} text
   * @param {Intl.NumberFormatOptions} format
   */
  const axis = (text, format) => ({
    title: { display: true, text, color: ink },
    ticks: { color: ink, format },
    grid: { color: line },
    border: { color: line },
  });
  /** @type {Intl.NumberFormatOptions} */
  const compact = { notation: "compact", maximumFractionDigits: 3 };
  const areShort =
    isLinear && labels.every(({ number = NaN }) => Number.isInteger(number) && Math.abs(number) < 10_000);
  const xAxis = axis(x, areShort ? { useGrouping: false } : compact);
  return {
    locale,
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: isLinear ? "nearest" : "index", intersect: false },
    scales: { x: { type: isLinear ? "linear" : "category", ...xAxis }, y: { beginAtZero: true, ...axis(y, compact) } },
    plugins: { legend: { display: series.length > 1, labels: { color: ink, usePointStyle: true, boxHeight: 7 } } },
  };
}

/**
 * The colours of the current scheme, which the style sheet decides.
 * @param {HTMLCanvasElement} canvas
 * @returns {Colours}
 */
function coloursAt(canvas) {
  const probe = h("span", { hidden: true });
  canvas.after(probe);
  /** @param {string} name */
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    ink: colour("ink"),
    line: colour("line"),
    series: SHAPES.map((_, at) => colour(`series-${at + 1}`)),
  };
  probe.remove();
  return colours;
}
