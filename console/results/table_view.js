// A result as a table: paged, sorted, searched.

import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { attempts } from "../parts/attempt.js";
import { scrolling } from "../parts/more.js";
import { say } from "../words.js";
import { cellElement, columnText, columnWords } from "./cell_view.js";
import { isNumeric } from "./columns.js";
import { showDialog } from "./dialog.js";
import { jsonView } from "./json_view.js";
import { latest } from "./latest.js";
import { pager } from "./pager.js";
import { textView } from "./text_view.js";

const ROWS = 50;
const COLUMNS_AT_ONCE = 30;

/** A table of a part of a result, which `description` describes. */
export function tableView({ ask, result, part, description }) {
  const { columns } = description;
  const asked = { from: 0, sort: null, filter: "" };
  let [shownColumns, heads] = [[], []];
  const { place, attempt } = attempts();
  const [head, rows] = [h("tr"), h("tbody")];
  const caption = h("caption", { class: "unseen" }, captionOf(description));
  const table = h("table", { class: "rows" }, caption, h("thead", {}, head), rows);
  const pages = pager({
    size: ROWS,
    of: say(description.kind === "object" ? "table.members" : "table.rows"),
    show: (from) => change({ from }),
  });
  const acrossPages = pager({ size: COLUMNS_AT_ONCE, of: say("table.columns"), show: across });
  const load = latest(() => attempt(shown));
  across(0);
  return h(
    "div",
    {},
    h(
      "div",
      { class: "row" },
      search((filter) => change({ filter, from: 0 })),
      columns.length > COLUMNS_AT_ONCE && acrossPages.element,
    ),
    !description.hasAll && h("p", { class: "note" }, say("table.too-wide", { count: count(columns.length) })),
    place,
    scrolling(table, captionOf(description)),
    pages.element,
  );

  function change(wanted) {
    Object.assign(asked, wanted);
    load();
  }

  function across(from) {
    shownColumns = columns.slice(from, from + COLUMNS_AT_ONCE).map((_, at) => from + at);
    heads = shownColumns.map(columnHead);
    acrossPages.at(from, columns.length);
    fill(
      head,
      rowHead(),
      heads.map(({ element }) => element),
    );
    load();
  }

  async function shown() {
    table.setAttribute("aria-busy", "true");
    const wanted = { ...asked, columns: shownColumns };
    const answer = await ask("page", { result, part, count: ROWS, ...wanted });
    if (wanted.columns !== shownColumns) return; // the next answer, already asked for, has these columns
    fill(rows, answer.total === 0 && nothing(), answer.rows.map(rowElement));
    pages.at(wanted.from, answer.total);
    table.removeAttribute("aria-busy");
  }

  function nothing() {
    const words = say(asked.filter ? "table.none-found" : "table.empty");
    return h("tr", {}, h("td", { class: "quiet", colspan: shownColumns.length + 1 }, words));
  }

  function rowElement({ row, cells }) {
    const number = h("th", { scope: "row", class: "number quiet" }, count(row + 1));
    const element = (cell, at) => {
      const column = shownColumns[at];
      return cellElement(cell, () => openCell(row, column, cell.kind), isNumeric(columns[column]));
    };
    return h("tr", {}, number, cells.map(element));
  }

  function openCell(row, column, kind) {
    const whole = { ask, result, at: { part, row, column } };
    const title = say("table.cell", { row: count(row + 1), column: columnText(columns[column]) });
    showDialog(title, kind === "text" ? textView(whole) : jsonView(whole));
  }

  /** The head of a column, which sorts up, then down, then as the result has it; `tell()` says which of them is. */
  function columnHead(column) {
    const sign = h("span", { class: "sign", "aria-hidden": "true" });
    const turn = () => {
      const { sort } = asked;
      const isOurs = sort?.column === column;
      change({ from: 0, sort: isOurs && sort.descending ? null : { column, descending: isOurs } });
      for (const { tell } of heads) tell();
    };
    const button = h(
      "button",
      { type: "button", class: "sort", title: say("table.sort"), click: turn },
      columnWords(columns[column]),
      sign,
    );
    const element = h("th", { scope: "col", class: isNumeric(columns[column]) && "number" }, button);
    const tell = () => {
      const way = asked.sort?.column !== column ? "none" : asked.sort.descending ? "descending" : "ascending";
      element.setAttribute("aria-sort", way);
      fill(sign, { none: "", ascending: " ▲", descending: " ▼" }[way]);
    };
    tell();
    return { element, tell };
  }
}

const rowHead = () => h("th", { scope: "col", class: "number" }, h("span", { class: "unseen" }, say("table.row")), "#");

const captionOf = ({ kind, count: rows, columns }) =>
  say(kind === "scalar" ? "table.caption.scalar" : "table.caption", {
    rows: count(rows),
    columns: count(columns.length),
  });

function search(find) {
  const PAUSE_MS = 250;
  let timer;
  const later = () => (clearTimeout(timer), (timer = setTimeout(() => find(input.value), PAUSE_MS)));
  const input = h("input", {
    type: "search",
    placeholder: say("table.search"),
    "aria-label": say("table.search"),
    input: later,
  });
  return input;
}
