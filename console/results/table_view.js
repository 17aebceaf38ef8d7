// @ts-check
// A result as a table: paged, sorted, searched.

/** @import { Cell, Sort, ShownPart, TableDescription } from "../types.js" */
/** @import { TableAddress } from "./table_address.js" */

import { counted } from "../counts.js";
import { fill, h, visuallyHidden } from "../dom.js";
import { count } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { scrolling } from "../parts/paged_table.js";
import { say } from "../words.js";
import { cellElement, columnHeading, columnText } from "./cell_view.js";
import { isNumeric } from "./columns.js";
import { showDialog } from "./dialog.js";
import { jsonView } from "./json_view.js";
import { latest } from "./latest.js";
import { groupedNumber } from "./number_view.js";
import { pager } from "./pager.js";
import { profileElement } from "./profile_view.js";
import { sortOf, sortText } from "./table_address.js";
import { textView } from "./text_view.js";

const ROWS = 50;
const COLUMNS_AT_ONCE = 30;
const SEARCH_DELAY_MS = 250;

/**
 * The head of a column; `update()` shows the current sort order.
 * @typedef {{ element: HTMLElement, update: () => void }} ColumnHead
 */

/**
 * A table of a part of a result. The address has its order and its search.
 * @param {ShownPart & { address: TableAddress }} part
 */
export function tableView({ query, result, part, description, address, isProfiled = false }) {
  const { columns } = description;
  /** @type {{ from: number, sort: Sort | null, filter: string }} */
  const wanted = { from: 0, sort: sortOf(columns, address.read("sort")), filter: address.read("search") ?? "" };
  /** @type {number[]} */
  let shownColumns = [];
  /** @type {ColumnHead[]} */
  let heads = [];
  const { errorArea, attempt } = withErrorDisplay();
  const [head, profiles, rows] = [h("tr"), h("tr", { hidden: true }), h("tbody")];
  const caption = h("caption", { class: "visually-hidden" }, captionOf(description));
  const table = h("table", { class: "rows" }, caption, h("thead", {}, head, profiles), rows);
  const pages = pager({
    size: ROWS,
    of: description.kind === "object" ? "table.members" : "table.rows",
    show: (from) => change({ from }),
  });
  const acrossPages = pager({ size: COLUMNS_AT_ONCE, of: "table.columns", show: showColumns });
  const load = latest(() => attempt(showRows));
  showColumns(0);
  return h(
    "div",
    {},
    h(
      "div",
      { class: "row" },
      search(wanted.filter, (filter) => change({ filter, from: 0 })),
      columns.length > COLUMNS_AT_ONCE && acrossPages.element,
    ),
    !description.hasAll && h("p", { class: "note" }, counted("table.too-wide", columns.length)),
    errorArea,
    scrolling(table, captionOf(description)),
    pages.element,
  );

  /** @param {Partial<typeof wanted>} changed */
  function change(changed) {
    Object.assign(wanted, changed);
    address.write({ sort: sortText(columns, wanted.sort), search: wanted.filter });
    load();
  }

  /** @param {number} from */
  function showColumns(from) {
    shownColumns = columns.slice(from, from + COLUMNS_AT_ONCE).map((_, at) => from + at);
    heads = shownColumns.map(columnHead);
    acrossPages.at(from, columns.length);
    fill(
      head,
      rowHead(),
      heads.map(({ element }) => element),
    );
    if (isProfiled) attempt(showProfiles);
    load();
  }

  async function showProfiles() {
    const shown = shownColumns;
    const all = await query("profiles", { result, part, columns: shown });
    if (shown !== shownColumns) return;
    profiles.hidden = false;
    fill(
      profiles,
      h("td", {}, visuallyHidden(say("profile"))),
      all.map((profile) => h("td", {}, profileElement(profile))),
    );
  }

  async function showRows() {
    table.setAttribute("aria-busy", "true");
    const now = { ...wanted, columns: shownColumns };
    const answer = await query("page", { result, part, count: ROWS, ...now });
    if (now.columns !== shownColumns) return; // the next answer, already requested, has the new columns
    fill(rows, answer.total === 0 && emptyRow(), answer.rows.map(rowElement));
    pages.at(now.from, answer.total);
    table.removeAttribute("aria-busy");
  }

  function emptyRow() {
    const words = say(wanted.filter ? "table.none-found" : "table.empty");
    return h("tr", {}, h("td", { class: "quiet", colspan: shownColumns.length + 1 }, words));
  }

  /** @param {{ row: number, cells: Cell[] }} shown */
  function rowElement({ row, cells }) {
    const number = h("th", { scope: "row", class: "number quiet" }, count(row + 1));
    /**
     * @param {Cell} cell
     * @param {number} at
     */
    const element = (cell, at) => {
      const column = shownColumns[at];
      if (cell.kind === "number" && columns[column].isAmount)
        return h("td", { class: "number" }, groupedNumber(cell.text));
      return cellElement(cell, () => openCell(row, column, cell.kind), isNumeric(columns[column]));
    };
    return h("tr", {}, number, cells.map(element));
  }

  /**
   * @param {number} row
   * @param {number} column
   * @param {Cell["kind"]} kind
   */
  function openCell(row, column, kind) {
    const whole = { query, result, at: { part, row, column } };
    const title = say("table.cell", { row: count(row + 1), column: columnText(columns[column]) });
    showDialog(title, kind === "text" ? textView(whole) : jsonView(whole));
  }

  /**
   * The head of a column, which sorts ascending, then descending, then in the original order.
   * @param {number} column
   * @returns {ColumnHead}
   */
  function columnHead(column) {
    const sign = h("span", { class: "sign", "aria-hidden": "true" });
    const sort = () => {
      change({ from: 0, sort: nextSort(wanted.sort, column) });
      for (const { update } of heads) update();
    };
    const button = h(
      "button",
      { type: "button", class: "sort", title: say("table.sort"), click: sort },
      columnHeading(columns[column]),
      sign,
    );
    const element = h("th", { scope: "col", class: isNumeric(columns[column]) && "number" }, button);
    const update = () => {
      const order = orderOf(wanted.sort, column);
      element.setAttribute("aria-sort", order);
      fill(sign, SIGNS[order]);
    };
    update();
    return { element, update };
  }
}

const SIGNS = { none: "", ascending: " ▲", descending: " ▼" };

/**
 * @param {Sort | null} sort
 * @param {number} column
 */
function orderOf(sort, column) {
  if (sort?.column !== column) return "none";
  return sort.descending ? "descending" : "ascending";
}

/**
 * The sort after a click on the head of a column.
 * @param {Sort | null} sort
 * @param {number} column
 */
function nextSort(sort, column) {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? null : { column, descending: true };
}

const rowHead = () =>
  h("th", { scope: "col", class: "number" }, h("span", { class: "visually-hidden" }, say("table.row")), "#");

/** @param {TableDescription} description */
const captionOf = ({ kind, count: rows, columns }) =>
  kind === "scalar"
    ? say("table.caption.scalar")
    : `${counted("table.caption.rows", rows)}, ${counted("table.caption.columns", columns.length)}`;

/**
 * @param {string} value
 * @param {(text: string) => void} find
 */
function search(value, find) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const delay = () => {
    clearTimeout(timer);
    timer = setTimeout(() => input.isConnected && find(input.value), SEARCH_DELAY_MS);
  };
  const input = h("input", {
    type: "search",
    value,
    placeholder: say("table.search"),
    "aria-label": say("table.search"),
    input: delay,
  });
  return input;
}
