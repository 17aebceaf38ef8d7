// A result: as a table, as a chart, as JSON, and to take away.

import { fill, h, newId } from "../dom.js";
import { count } from "../formats.js";
import { say } from "../words.js";
import { chartView } from "./chart_view.js";
import { downloads } from "./downloads.js";
import { jsonView } from "./json_view.js";
import { opening } from "./opening.js";
import { tableView } from "./table_view.js";
import { tabs } from "./tabs.js";
import { pointerOf } from "./trees.js";

const RESULT = "result";

/**
 * An element that opens the result at `href` and shows it. It is there at once, and fills itself. A result that is
 * large waits for a button. `name` begins the names of downloads; when `signal` aborts, what it holds is given back.
 */
export function resultPanel({ href, sizeBytes, name, signal }) {
  return opening({
    results: [{ result: RESULT, href, sizeBytes }],
    show: (holder) => content({ ...holder, name, signal }),
    signal,
    attributes: { class: "result", "aria-label": say("result") },
  });
}

async function content({ ask, name, signal }) {
  const whole = await ask("describe", { result: RESULT });
  let shown = { part: [], description: whole };
  let replaced = new AbortController();
  signal?.addEventListener("abort", () => replaced.abort());
  const saving = downloads({ ask, result: RESULT, name, shown: () => shown });
  const views = h("div", {});
  show(shown);
  return [whole.parts.length > 0 && partChoice(whole.parts, choose), saving.element, views];

  function show(next) {
    replaced.abort();
    replaced = new AbortController();
    shown = next;
    saving.mark();
    fill(views, viewsOf({ ask, result: RESULT, ...shown, signal: replaced.signal }));
  }

  async function choose(part) {
    show({ part, description: part.length === 0 ? whole : await ask("describe", { result: RESULT, part }) });
  }
}

const viewsOf = (shown) =>
  tabs(say("result"), [
    { words: say("result.table"), show: () => tableView(shown) },
    { words: say("result.chart"), show: () => chartView(shown) },
    { words: say("result.json"), show: () => jsonView({ ...shown, at: { part: shown.part } }) },
  ]);

/** Which of an object's arrays is shown, if not the whole of it. */
function partChoice(parts, choose) {
  const id = newId("part");
  const all = [
    { path: [], words: say("result.whole") },
    ...parts.map(({ path, count: rows }) => ({ path, words: partWords(path, rows) })),
  ];
  const change = (event) => choose(all[Number(event.target.value)].path);
  const options = all.map(({ words }, at) => h("option", { value: at }, words));
  return h("p", { class: "row" }, h("label", { for: id }, say("result.part")), h("select", { id, change }, options));
}

const partWords = (path, rows) => say("result.part.rows", { path: pointerOf(path), rows: count(rows) });
