// @ts-check
// The results of a batch: the first ones at once, all of them on request and for downloads.

/** @import { Batch, Content, Path, ResultStore, TableDescription } from "../types.js" */

import { pathOf, standing } from "../api.js";
import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { size } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { submit } from "../parts/submission.js";
import { chartView } from "../results/chart_view.js";
import { downloads } from "../results/downloads.js";
import { jsonView } from "../results/json_view.js";
import { resultStore } from "../results/result_store.js";
import { tableAddress } from "../results/table_address.js";
import { tableView } from "../results/table_view.js";
import { tabs } from "../results/tabs.js";
import { locale, say } from "../words.js";

const FIRST_BYTES = 2 ** 20;

const LINES = "lines";
const TABLE = "table";

/**
 * An element that loads the first results and shows them. When `signal` aborts, they are released.
 * @param {Batch} batch
 * @param {AbortSignal} signal
 */
export function resultsOf(batch, signal) {
  const { errorArea, attempt } = withErrorDisplay();
  const [notice, content] = [h("div"), h("div")];
  const status = h("p", { class: "quiet", role: "status" });
  const store = resultStore(signal);
  const href = pathOf(["batches", batch.id, "results"]);
  let isWhole = false;
  attempt(() => load(FIRST_BYTES));
  return h("section", { class: "result", "aria-label": say("batch.results") }, errorArea, status, notice, content);

  /** @param {number} [most] */
  async function load(most) {
    const bar = h("progress", { "aria-label": say("result.loading") });
    fill(notice, bar);
    fill(status, say("result.loading"));
    /** @param {number} bytes */
    const onProgress = (bytes) => fill(status, say("batch.results.loading", { size: size(bytes) }));
    try {
      const opened = { lines: LINES, table: TABLE, href, headers: standing(), locale, most };
      const { count: lines, isWhole: hasAll } = await store.query("openLines", opened, onProgress);
      isWhole = hasAll;
      const shown = await viewsOf(store, batch, { complete, signal });
      fill(notice, !isWhole && cutNote(lines));
      fill(content, shown);
    } catch (error) {
      fill(notice);
      throw error;
    } finally {
      fill(status);
    }
  }

  async function complete() {
    if (!isWhole) await load();
  }

  /** @param {number} lines */
  function cutNote(lines) {
    /** @type {HTMLButtonElement} */
    const all = h(
      "button",
      { type: "button", class: "small", click: () => attempt(() => submit(all, complete)) },
      say("batch.results.all"),
    );
    return h("p", { class: "note" }, counted("batch.results.cut", lines), " ", all);
  }
}

/**
 * The table, the chart and the lines of the results that a store has, and their downloads.
 * @param {ResultStore} store
 * @param {Batch} batch
 * @param {{ complete: () => Promise<void>, signal: AbortSignal }} options
 * @returns {Promise<Content>}
 */
async function viewsOf({ query }, { id, script }, { complete, signal }) {
  /** @type {Path} */
  const part = [];
  /** @type {TableDescription} */
  let description = await query("describe", { result: TABLE });
  const completed = async () => {
    await complete();
    description = await query("describe", { result: TABLE }); // the CSV is that of the rows that are there now
  };
  const address = tableAddress();
  const shown = { query, result: TABLE, part, description, signal, address };
  const saving = downloads({
    query,
    result: TABLE,
    whole: LINES,
    complete: completed,
    name: `${script.name}-v${script.version}-batch-${shortId(id)}`,
    shown: () => ({ part, description }),
  });
  saving.update();
  const views = tabs(
    say("batch.results"),
    [
      { name: "table", words: say("result.table"), show: () => tableView(shown) },
      { name: "chart", words: say("result.chart"), show: () => chartView(shown) },
      { name: "json", words: say("result.json"), show: () => jsonView({ query, result: LINES, at: { part } }) },
    ],
    { name: address.read("tab"), chosen: (tab) => address.write({ tab }) },
  );
  return [saving.element, views];
}
