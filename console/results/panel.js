// @ts-check
// A result as a table, as a chart, as JSON, and its downloads.

/** @import { Content, Path, ResultStore, ShownPart, TableDescription } from "../types.js" */

import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { choice } from "../parts/field.js";
import { place, remember } from "../router.js";
import { say } from "../words.js";
import { chartView } from "./chart_view.js";
import { downloads } from "./downloads.js";
import { jsonView } from "./json_view.js";
import { resultLoader } from "./result_loader.js";
import { tableView } from "./table_view.js";
import { tabs } from "./tabs.js";
import { pointerOf } from "./trees.js";

const RESULT = "result";

/**
 * An element that loads the result at `href` and shows it. `name` starts the file names of downloads. When `signal`
 * aborts, the result is released.
 * @param {{ href: string, sizeBytes: number, name: string, signal: AbortSignal }} options
 */
export function resultPanel({ href, sizeBytes, name, signal }) {
  return resultLoader({
    results: [{ result: RESULT, href, sizeBytes }],
    show: (store) => resultViews(store, { name, signal, isArrival: true }),
    signal,
    attributes: { class: "result", "aria-label": say("result") },
  });
}

/**
 * The views of the result that a store has under the name "result". On arrival at an address that names a tab, they are
 * scrolled into view. The downloads come first, unless the views are wanted more.
 * @param {ResultStore} store
 * @param {{ name: string, signal: AbortSignal, isArrival?: boolean, areViewsFirst?: boolean }} options
 * @returns {Promise<Content>}
 */
export async function resultViews({ query }, { name, signal, isArrival = false, areViewsFirst = false }) {
  const whole = await query("describe", { result: RESULT });
  /** @type {{ part: Path, description: TableDescription }} */
  let shown = { part: [], description: whole };
  let replaced = new AbortController();
  signal.addEventListener("abort", () => replaced.abort());
  const saving = downloads({ query, result: RESULT, name, shown: () => shown });
  const views = h("div");
  show(shown);
  if (isArrival && place(location.hash).query.tab)
    requestAnimationFrame(() => views.scrollIntoView({ block: "nearest" }));
  return [
    whole.parts.length > 0 && partChoice(whole.parts, choose),
    areViewsFirst ? [views, saving.element] : [saving.element, views],
  ];

  /** @param {typeof shown} next */
  function show(next) {
    replaced.abort();
    replaced = new AbortController();
    shown = next;
    saving.update();
    fill(views, viewsOf({ query, result: RESULT, ...shown, signal: replaced.signal }));
  }

  /** @param {Path} part */
  async function choose(part) {
    show({ part, description: part.length === 0 ? whole : await query("describe", { result: RESULT, part }) });
  }
}

/**
 * The views of a part in tabs. The address names the tab, so that a link shows the same one.
 * @param {ShownPart} shown
 */
const viewsOf = (shown) =>
  tabs(
    say("result"),
    [
      { name: "table", words: say("result.table"), show: () => tableView(shown) },
      { name: "chart", words: say("result.chart"), show: () => chartView(shown) },
      { name: "json", words: say("result.json"), show: () => jsonView({ ...shown, at: { part: shown.part } }) },
    ],
    { name: place(location.hash).query.tab, chosen: (tab) => remember({ tab }) },
  );

/**
 * The choice between the whole of an object and its arrays.
 * @param {TableDescription["parts"]} parts
 * @param {(part: Path) => unknown} choose
 */
function partChoice(parts, choose) {
  /** @type {Path[]} */
  const paths = [[], ...parts.map(({ path }) => path)];
  const options = [
    say("result.whole"),
    ...parts.map(({ path, count: rows }) => counted("result.part.rows", rows, { path: pointerOf(path) })),
  ];
  const { element } = choice(
    say("result.part"),
    options.map((words, at) => /** @type {const} */ ([at, words])),
    { choose: (at) => choose(paths[Number(at)]) },
  );
  element.className = "row";
  return element;
}
