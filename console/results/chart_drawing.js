// Draws charts. It brings the library with it, so it is imported when the first chart is wanted.

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

// Series are told apart by more than their colours.
const SHAPES = ["circle", "triangle", "rect", "rectRot", "crossRot", "star", "cross", "rectRounded"];
const DASHES = [[], [6, 3], [2, 2], [10, 3, 2, 3], [4, 4], [12, 4], [1, 3], [8, 2, 2, 2]];

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Draw what `points` answered, with the names of its axes. `end()` gives back what it holds. */
export function drawChart(canvas, drawing) {
  const chart = new Chart(canvas, settings(canvas, drawing));
  const repaint = () => {
    Object.assign(chart, { options: settings(canvas, drawing).options });
    chart.data.datasets = settings(canvas, drawing).data.datasets;
    chart.update("none");
  };
  dark.addEventListener("change", repaint);
  return { end: () => (dark.removeEventListener("change", repaint), chart.destroy()) };
}

function settings(canvas, drawing) {
  const { kind, labels, series } = drawing;
  const colours = coloursAt(canvas.parentElement);
  const isLinear = kind !== "bar" && labels.length > 0 && labels.every(({ number }) => number !== undefined);
  const datasets = series.map((one, at) => dataset(drawing, one, at, colours, isLinear));
  return {
    type: kind === "bar" ? "bar" : "line",
    data: { labels: isLinear ? undefined : labels.map(labelText), datasets },
    options: options(drawing, colours, isLinear),
  };
}

const labelText = ({ kind, text }) => (kind === "absent" ? "–" : text.length > 30 ? `${text.slice(0, 30)}…` : text);

function dataset({ kind, labels, nameOfSeries, y }, { values, ...one }, at, { series }, isLinear) {
  const colour = series[at % series.length];
  return {
    label: "name" in one || one.isRest ? nameOfSeries(one) || y : y,
    data: isLinear ? pointsOf(labels, values) : values,
    backgroundColor: colour,
    borderColor: colour,
    borderWidth: kind === "bar" ? 0 : 2,
    borderDash: DASHES[at],
    pointStyle: kind === "bar" ? "rect" : SHAPES[at],
    pointRadius: kind === "points" || labels.length <= 100 ? 4 : 0,
    showLine: kind === "line",
    spanGaps: true,
  };
}

/** The points that there are: along numbers, what is missing needs no place. */
const pointsOf = (labels, values) =>
  values.flatMap((value, place) => (value === null ? [] : [{ x: labels[place].number, y: value }]));

function options({ x, y, labels, series }, { ink, line }, isLinear) {
  const axis = (words) => ({
    title: { display: true, text: words, color: ink },
    ticks: { color: ink, format: { notation: "compact", maximumFractionDigits: 3 } },
    grid: { color: line },
    border: { color: line },
  });
  const areYears = isLinear && labels.every(({ number }) => Number.isInteger(number) && Math.abs(number) < 10_000);
  const xAxis = axis(x);
  if (areYears) xAxis.ticks.format = { useGrouping: false };
  return {
    locale,
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: isLinear ? "nearest" : "index", intersect: false },
    scales: { x: { type: isLinear ? "linear" : "category", ...xAxis }, y: { beginAtZero: true, ...axis(y) } },
    plugins: { legend: { display: series.length > 1, labels: { color: ink, usePointStyle: true, boxHeight: 7 } } },
  };
}

/** The colours that the style gives to a place now: light or dark is decided there. */
function coloursAt(element) {
  const probe = h("span", { hidden: true });
  element.append(probe);
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
