// @ts-check
// The pairs of rows or values of two results, paged and filtered.

/**
 * @import { CellPair, CommonColumn, ComparisonSummary, Content, Pair, PairFilter, RowsSummary,
 *   SendQuery } from "../types.js"
 * @import { TableAddress } from "./table_address.js"
 */

import { fill, h, newId } from "../dom.js";
import { count } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { scrolling } from "../parts/paged_table.js";
import { say } from "../words.js";
import { cellContent, columnHeading } from "./cell_view.js";
import { latest } from "./latest.js";
import { pager } from "./pager.js";
import { visible } from "./visible.js";

const ROWS = 50;
const COLUMNS_AT_ONCE = 30;
const NOUNS = /** @type {const} */ ({ rows: "compare.rows", places: "compare.places" });

/** The states of a pair, by their numbers. */
export const STATES = /** @type {const} */ (["equal", "changed", "removed", "added"]);

/**
 * The indexes of the columns in the order of display: the key, those with changes, all others.
 * @param {RowsSummary} summary
 */
function displayOrder({ columns, key, changes }) {
  /** @param {number} at */
  const rank = (at) => {
    if (key.includes(at)) return 0;
    return changes[at] > 0 ? 1 : 2;
  };
  return columns.map((_, at) => at).sort((left, right) => rank(left) - rank(right) || left - right);
}

/** The choices of pairs, by their names. */
const FILTERS = /** @type {const} */ (["different", "all", ...STATES]);

/** @typedef {(typeof FILTERS)[number]} FilterName */

/**
 * @param {FilterName} name
 * @returns {PairFilter}
 */
const filterOf = (name) => (name === "different" || name === "all" ? name : STATES.indexOf(name));

/**
 * The pairs, paged. Only those that differ are shown unless the address has another choice.
 * @param {SendQuery} query
 * @param {ComparisonSummary} summary
 * @param {TableAddress} address
 * @returns {Content}
 */
export function pairsView(query, summary, address) {
  const order = summary.of === "rows" ? displayOrder(summary) : [];
  const chosen = FILTERS.find((name) => name === address.read("rows")) ?? "different";
  const wanted = { which: filterOf(chosen), from: 0, first: 0 };
  const { errorArea, attempt } = withErrorDisplay();
  const [head, rows] = [h("tr"), h("tbody")];
  const pages = pager({ size: ROWS, of: NOUNS[summary.of], show: (from) => change({ from }) });
  const across = pager({ size: COLUMNS_AT_ONCE, of: "table.columns", show: (first) => change({ first }) });
  const load = latest(() => attempt(show));
  load();
  return [
    filterChoice(chosen, (name) => {
      address.write({ rows: name === "different" ? undefined : name });
      change({ which: filterOf(name), from: 0 });
    }),
    order.length > COLUMNS_AT_ONCE && across.element,
    errorArea,
    tableOf(head, rows, summary.of),
    pages.element,
  ];

  /** @param {Partial<typeof wanted>} changed */
  function change(changed) {
    Object.assign(wanted, changed);
    load();
  }

  async function show() {
    const { which, from, first } = wanted;
    const columns = order.slice(first, first + COLUMNS_AT_ONCE);
    const { total, pairs } = await query("differences", { which, from, count: ROWS, columns });
    fill(head, summary.of === "rows" ? rowHeads(columns.map((at) => summary.columns[at])) : placeHeads());
    fill(
      rows,
      total === 0 && h("tr", {}, h("td", { class: "quiet", colspan: columns.length + 4 }, say("compare.none"))),
      pairs.map(pairElement),
    );
    pages.at(from, total);
    across.at(first, order.length);
  }
}

/**
 * The choice of the pairs that are shown.
 * @param {FilterName} chosen
 * @param {(name: FilterName) => unknown} choose
 */
function filterChoice(chosen, choose) {
  const id = newId("which");
  const change = () => choose(FILTERS[select.selectedIndex]);
  /** @type {HTMLSelectElement} */
  const select = h(
    "select",
    { id, change },
    FILTERS.map((name) => h("option", { value: name, selected: name === chosen }, say(`compare.which.${name}`))),
  );
  return h("p", { class: "row" }, h("label", { for: id }, say("compare.which")), select);
}

/**
 * @param {HTMLElement} head
 * @param {HTMLElement} rows
 * @param {ComparisonSummary["of"]} of
 */
const tableOf = (head, rows, of) =>
  scrolling(
    h(
      "table",
      { class: `rows compared ${of}` },
      h("caption", { class: "visually-hidden" }, say("compare.results")),
      h("thead", {}, head),
      rows,
    ),
    say("compare.results"),
  );

/**
 * @param {Content} words
 * @param {boolean} [isNumber]
 */
const heading = (words, isNumber = false) => h("th", { scope: "col", class: isNumber && "number" }, words);

const placeHeads = () => [heading(say("compare.state")), heading(say("compare.place")), heading(say("table.value"))];

/** @param {CommonColumn[]} columns */
const rowHeads = (columns) => [
  heading(say("compare.state")),
  heading(say("compare.left.row"), true),
  heading(say("compare.right.row"), true),
  columns.map((column) => heading(columnHeading(column))),
];

/** @param {Pair} pair */
function pairElement({ state, left = -1, right = -1, pointer, cells }) {
  /** @param {number} row */
  const number = (row) => h("td", { class: "number quiet" }, row < 0 ? "–" : count(row + 1));
  const where =
    pointer === undefined
      ? [number(left), number(right)]
      : h("td", {}, pointer === "" ? say("compare.top") : h("code", {}, visible(pointer)));
  return h(
    "tr",
    { class: STATES[state] },
    h("td", { class: "state" }, say(`compare.state.${STATES[state]}`)),
    where,
    cells.map(cellPairElement),
  );
}

/** @param {CellPair} pair */
function cellPairElement({ same, from, to }) {
  if (same) return h("td", { class: same.kind === "number" && "number" }, cellContent(same));
  return h(
    "td",
    { class: from.kind === "number" && to.kind === "number" && "number" },
    h("del", {}, cellContent(from)),
    h("span", { "aria-hidden": "true" }, " → "),
    h("ins", {}, cellContent(to)),
  );
}
