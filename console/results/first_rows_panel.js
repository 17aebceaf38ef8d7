// @ts-check
// The first rows of a large result at once, and all of it on request. Downloads need no opening.

/** @import { Attributes, Content, ResultSource, ResultStore, TableDescription } from "../types.js" */

import { standing } from "../api.js";
import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { size } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { submit } from "../parts/submission.js";
import { locale, say } from "../words.js";
import { downloads } from "./downloads.js";
import { loadingProgress } from "./result_loader.js";
import { resultStore } from "./result_store.js";
import { tableAddress } from "./table_address.js";
import { tableView } from "./table_view.js";

const FIRST = "first";
const FIRST_ROWS = 100;
const FIRST_BYTES = 2 ** 18;

/**
 * @param {object} options
 * @param {ResultSource} options.source
 * @param {string} options.name The start of file names.
 * @param {(store: ResultStore) => Promise<Content>} options.show Shows the whole result.
 * @param {AbortSignal} options.signal
 * @param {boolean} options.isDataset
 * @param {Attributes} options.attributes
 */
export function firstRowsPanel({ source, name, show, signal, isDataset, attributes }) {
  const { result, href, sizeBytes } = source;
  const { errorArea, attempt } = withErrorDisplay();
  const [progress, content] = [h("div"), h("div")];
  const store = resultStore(signal);
  /** @type {Promise<unknown> | null} */
  let opening = null;
  attempt(showFirst);
  return h("section", attributes, errorArea, progress, content);

  async function showFirst() {
    fill(content, openButton()); // before the rows are there, and if they cannot be read
    const first = { result: FIRST, href, headers: standing(), locale, bytes: FIRST_BYTES, rows: FIRST_ROWS };
    const { count: rows } = await store.query("openFirst", first);
    const description = await store.query("describe", { result: FIRST });
    if (!opening) fill(content, firstViews(rows, description));
  }

  /**
   * @param {number} rows
   * @param {TableDescription} description
   * @returns {Content}
   */
  function firstViews(rows, description) {
    const shown = { part: [], description };
    const address = tableAddress(isDataset);
    const saving = downloads({ query: store.query, result, complete, name, isDataset, shown: () => shown });
    saving.update();
    if (rows === 0) return [saving.element, openButton()];
    const note = h("p", { class: "note" }, counted("result.first", rows), " ", openButton());
    return [
      saving.element,
      note,
      tableView({ query: store.query, result: FIRST, ...shown, isProfiled: true, address }),
    ];
  }

  function openButton() {
    /** @type {HTMLButtonElement} */
    const button = h(
      "button",
      { type: "button", class: "primary", click: () => attempt(() => submit(button, showAll)) },
      say("result.open-all", { size: size(sizeBytes) }),
    );
    return button;
  }

  async function showAll() {
    await complete();
    fill(content, await show(store));
    /** @type {HTMLElement | null} */
    const tab = content.querySelector("[role=tab][aria-selected=true]");
    tab?.focus(); // the button that had the focus is gone
  }

  async function complete() {
    opening ??= load();
    await opening;
  }

  async function load() {
    const { elements, show: showProgress } = loadingProgress(sizeBytes);
    fill(progress, elements);
    try {
      await store.open(result, href, showProgress);
    } catch (error) {
      opening = null;
      throw error;
    } finally {
      fill(progress);
    }
  }
}
