// @ts-check
// A result as a table, as a chart, as JSON, and its downloads.

/** @import { Content, Path, ResultStore, ShownPart, TableDescription } from "../types.js" */
/** @import { TableAddress } from "./table_address.js" */

import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { choice } from "../parts/field.js";
import { say } from "../words.js";
import { chartView } from "./chart_view.js";
import { downloads } from "./downloads.js";
import { firstRowsPanel } from "./first_rows_panel.js";
import { jsonView } from "./json_view.js";
import { LARGE_BYTES, resultLoader } from "./result_loader.js";
import { tableAddress } from "./table_address.js";
import { tableView } from "./table_view.js";
import { tabs } from "./tabs.js";
import { pointerOf } from "./trees.js";

const RESULT = "result";

/**
 * An element that loads the result at `href` and shows it, of a large one the first rows. `name` starts the file names of
 * downloads. When `signal` aborts, the result is released.
 * @param {{ href: string, sizeBytes: number, name: string, signal: AbortSignal, isDataset?: boolean }} options
 */
export function resultPanel({ href, sizeBytes, name, signal, isDataset = false }) {
  const source = { result: RESULT, href, sizeBytes };
  const attributes = { class: "result", "aria-label": say(isDataset ? "measures.input" : "result") };
  /** @param {ResultStore} store */
  const show = (store) => resultViews(store, { name, signal, isArrival: true, isDataset, isProfiled: true });
  if (sizeBytes > LARGE_BYTES) return firstRowsPanel({ source, name, show, signal, isDataset, attributes });
  return resultLoader({ results: [source], show, signal, attributes });
}

/**
 * The views of the result that a store has under the name "result". On arrival at an address that names a tab, they are
 * scrolled into view. The downloads come first, unless the views are wanted more.
 * @param {ResultStore} store
 * @param {object} options
 * @param {string} options.name
 * @param {AbortSignal} options.signal
 * @param {boolean} [options.isArrival]
 * @param {boolean} [options.areViewsFirst]
 * @param {boolean} [options.isDataset]
 * @param {boolean} [options.isProfiled]
 * @returns {Promise<Content>}
 */
export async function resultViews({ query }, options) {
  const { name, signal, isArrival = false, areViewsFirst = false, isDataset = false, isProfiled = false } = options;
  const whole = await query("describe", { result: RESULT });
  const address = tableAddress(isDataset);
  let shown = await partAt(address.read("part"));
  let replaced = new AbortController();
  signal.addEventListener("abort", () => replaced.abort());
  const saving = downloads({ query, result: RESULT, name, isDataset, shown: () => shown });
  const views = h("div");
  show(shown);
  if (isArrival && address.read("tab")) requestAnimationFrame(() => views.scrollIntoView({ block: "nearest" }));
  return [
    whole.parts.length > 0 && partChoice(whole.parts, shown.part, choose),
    areViewsFirst ? [views, saving.element] : [saving.element, views],
  ];

  /** @param {typeof shown} next */
  function show(next) {
    replaced.abort();
    replaced = new AbortController();
    shown = next;
    saving.update();
    fill(views, viewsOf({ query, result: RESULT, ...shown, signal: replaced.signal, isProfiled, address }));
  }

  /** @param {Path} part */
  async function choose(part) {
    const next = await described(part);
    address.write({ part: pointerOf(part), sort: undefined, search: undefined }); // those were of another table
    show(next);
  }

  /**
   * @param {Path} part
   * @returns {Promise<{ part: Path, description: TableDescription }>}
   */
  async function described(part) {
    return { part, description: part.length === 0 ? whole : await query("describe", { result: RESULT, part }) };
  }

  /** @param {string} [pointer] */
  function partAt(pointer) {
    return described(whole.parts.find(({ path }) => pointerOf(path) === pointer)?.path ?? []);
  }
}

/**
 * The views of a part in tabs. The address names the tab, so that a link shows the same one.
 * @param {ShownPart & { address: TableAddress }} shown
 */
const viewsOf = (shown) =>
  tabs(
    say("result.views"),
    [
      { name: "table", words: say("result.table"), show: () => tableView(shown) },
      { name: "chart", words: say("result.chart"), show: () => chartView(shown) },
      { name: "json", words: say("result.json"), show: () => jsonView({ ...shown, at: { part: shown.part } }) },
    ],
    { name: shown.address.read("tab"), chosen: (tab) => shown.address.write({ tab }) },
  );

/**
 * The choice between the whole of an object and its arrays.
 * @param {TableDescription["parts"]} parts
 * @param {Path} chosen
 * @param {(part: Path) => unknown} choose
 */
function partChoice(parts, chosen, choose) {
  /** @type {Path[]} */
  const paths = [[], ...parts.map(({ path }) => path)];
  const options = [
    say("result.whole"),
    ...parts.map(({ path, count: rows }) => counted("result.part.rows", rows, { path: pointerOf(path) })),
  ];
  const { element } = choice(
    say("result.part"),
    options.map((words, at) => /** @type {const} */ ([at, words])),
    {
      value: paths.findIndex((path) => pointerOf(path) === pointerOf(chosen)),
      choose: (at) => choose(paths[Number(at)]),
    },
  );
  element.className = "row";
  return element;
}
