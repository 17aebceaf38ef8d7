// @ts-check
// The summary of each column of the results, as a table that can be sorted.

/** @import { ColumnComparison, Content, PlainWordName } from "../types.js" */
/** @import { TableAddress } from "../results/table_address.js" */

import { amount, change, percent } from "../changes.js";
import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { scrolling } from "../parts/paged_table.js";
import { pager } from "../results/pager.js";
import { orderIn, orderText } from "../results/table_address.js";
import { visible } from "../results/visible.js";
import { locale, say } from "../words.js";

const PAGE = 50;

/** @typedef {"name" | "matched" | "changed" | "absolute" | "relative"} Measure */

/**
 * The measures, and which of them begin with their largest value.
 * @type {{ name: Measure, words: PlainWordName, value: (column: ColumnComparison) => string | number, isDescending: boolean }[]}
 */
const MEASURES = [
  { name: "name", words: "replay.column", value: ({ name }) => name, isDescending: false },
  { name: "matched", words: "replay.matched", value: ({ matched_percent }) => matched_percent, isDescending: false },
  { name: "changed", words: "replay.changed", value: ({ changed }) => changed, isDescending: true },
  {
    name: "absolute",
    words: "replay.largest-absolute",
    value: ({ largest_absolute }) => largest_absolute ?? -1,
    isDescending: true,
  },
  {
    name: "relative",
    words: "replay.largest-relative",
    value: ({ largest_relative }) => largest_relative ?? -1,
    isDescending: true,
  },
];

/**
 * Columns in the order of a measure. Those of the same value keep their order.
 * @param {ColumnComparison[]} columns
 * @param {{ by: Measure, isDescending: boolean }} sort
 */
export function sorted(columns, { by, isDescending }) {
  const { value } = MEASURES.find(({ name }) => name === by) ?? MEASURES[0];
  /** @type {(left: ColumnComparison, right: ColumnComparison) => number} */
  const compare = (left, right) => {
    const [one, other] = [value(left), value(right)];
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other), locale);
  };
  return [...columns].sort((left, right) => (isDescending ? -1 : 1) * compare(left, right));
}

/**
 * The columns with changes, and on request all others. `address` has their order, if the page is about them.
 * @param {ColumnComparison[]} columns
 * @param {TableAddress} [address]
 * @returns {Content}
 */
export function columnsTable(columns, address) {
  const changed = columns.filter((one) => one.changed > 0);
  const unchanged = columns.length - changed.length;
  /** @type {{ by: Measure, isDescending: boolean, from: number, isWhole: boolean }} */
  const wanted = { ...orderOf(address?.read("sort")), from: 0, isWhole: changed.length === 0 };
  const rows = h("tbody");
  const pages = pager({ size: PAGE, of: "table.columns", show: (from) => show({ from }) });
  const heads = MEASURES.map(({ name, words, isDescending }) => {
    const click = () => sortBy(name, wanted.by === name ? !wanted.isDescending : isDescending);
    const button = h("button", { type: "button", class: "sort", click }, say(words));
    return h("th", { scope: "col", class: name !== "name" && "number" }, button);
  });
  const whole = h("button", {
    type: "button",
    class: "small",
    click: () => show({ isWhole: !wanted.isWhole, from: 0 }),
  });
  show({});
  const caption = h("caption", { class: "visually-hidden" }, say("replay.columns"));
  return [
    scrolling(
      h("table", { class: "rows column-changes" }, caption, h("thead", {}, h("tr", {}, heads)), rows),
      say("replay.columns"),
    ),
    columns.length > PAGE && pages.element,
    changed.length > 0 && unchanged > 0 && h("p", {}, whole),
  ];

  /**
   * @param {Measure} by
   * @param {boolean} isDescending
   */
  function sortBy(by, isDescending) {
    address?.write({ sort: orderText(by, isDescending) });
    show({ by, isDescending });
  }

  /** @param {Partial<typeof wanted>} changes */
  function show(changes) {
    Object.assign(wanted, changes);
    const shown = sorted(wanted.isWhole ? columns : changed, wanted);
    if (wanted.from >= shown.length) wanted.from = 0;
    fill(rows, shown.slice(wanted.from, wanted.from + PAGE).map(row));
    fill(whole, wanted.isWhole ? say("replay.columns.changed-only") : counted("replay.columns.unchanged", unchanged));
    pages.at(wanted.from, shown.length);
    MEASURES.forEach(({ name }, at) => {
      if (wanted.by !== name) heads[at].removeAttribute("aria-sort");
      else heads[at].setAttribute("aria-sort", wanted.isDescending ? "descending" : "ascending");
    });
  }
}

/**
 * The order that an address names; most changes first without it.
 * @param {string} [text]
 * @returns {{ by: Measure, isDescending: boolean }}
 */
function orderOf(text) {
  const order = orderIn(text);
  const by = MEASURES.find(({ name }) => name === order?.name)?.name;
  return order && by ? { by, isDescending: order.isDescending } : { by: "changed", isDescending: true };
}

/** @param {ColumnComparison} column */
function row({ name, compared, changed, matched_percent: matched, largest_absolute, largest_relative }) {
  const full = h("span", { class: "full" });
  full.style.width = `${matched}%`;
  const bar = h("span", { class: "bar", "aria-hidden": "true" }, full);
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, name === "" ? say("table.empty-text") : visible(name)),
    h("td", { class: "number" }, bar, h("span", {}, percent(matched))),
    h("td", { class: "number" }, say("replay.of", { part: count(changed), total: count(compared) })),
    h("td", { class: "number" }, measure(largest_absolute, amount)),
    h(
      "td",
      { class: "number" },
      measure(largest_relative, (share) => change(100 * share)),
    ),
  );
}

/**
 * @param {number | null} value
 * @param {(value: number) => string} textOf
 */
const measure = (value, textOf) => (value === null ? "–" : h("span", { title: value }, textOf(value)));
