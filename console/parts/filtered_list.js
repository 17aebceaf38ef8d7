// @ts-check
// A list below its filters. A refused filter is shown below its field, and the form stays.

/** @import { Content, ProblemDetails, WordName } from "../types.js" */
/** @import { Address, Filters } from "./list_query.js" */
/** @import { Change, FilterControl } from "./filter_controls.js" */

import { isAbort, Refused } from "../api.js";
import { fill, h } from "../dom.js";
import { say } from "../words.js";
import { withErrorDisplay } from "./error_display.js";
import { filterForm } from "./filters.js";
import { activeCount, apiQuery, refusedFilters } from "./list_query.js";

/**
 * The texts about refused values of parameters.
 * @satisfies {Record<string, WordName>}
 */
const MESSAGES = /** @type {const} */ ({
  script: "filter.refused.script",
  version: "filter.refused.version",
  execution: "filter.refused.id",
  batch: "filter.refused.id",
  key: "filter.refused.id",
});

/**
 * The form and the list. Resolves once the first page is loaded; another refusal than that of a filter rejects then.
 * `load(query, empty, signal)` makes the list of a query of the API, `empty` being the content in place of an empty one;
 * the signal aborts when the list is replaced.
 * @param {object} options
 * @param {string[]} options.parts The address of the list.
 * @param {Filters} options.filters
 * @param {Address} options.address
 * @param {(change: Change) => FilterControl[]} options.controls
 * @param {(query: ReturnType<typeof apiQuery>, empty: Content, signal: AbortSignal) => Promise<Content>} options.load
 * @param {{ none: HTMLElement, noMatch: string }} options.texts What an empty list shows, without and with filters.
 * @param {AbortSignal} options.signal
 * @returns {Promise<Content>}
 */
export async function filteredList({ parts, filters, address, controls, load, texts, signal }) {
  let replaced = new AbortController();
  signal.addEventListener("abort", () => replaced.abort());
  const list = h("div");
  const { errorArea, attempt } = withErrorDisplay();
  const form = filterForm({ parts, filters, address, controls, apply: (next) => attempt(() => show(next)) });
  await show(address);
  return [form.element, errorArea, list];

  /** @param {Address} wanted */
  async function show(wanted) {
    replaced.abort();
    replaced = new AbortController();
    const { signal: mine } = replaced;
    if (signal.aborted) replaced.abort();
    list.setAttribute("aria-busy", "true");
    try {
      const content = await load(apiQuery(wanted, filters, Date.now()), none(wanted), mine);
      if (!mine.aborted) fill(list, content);
    } catch (error) {
      if (mine.aborted || isAbort(error) || !isOfFilters(error, wanted)) throw error;
      fill(list, none(wanted));
    } finally {
      if (!mine.aborted) list.removeAttribute("aria-busy");
    }
  }

  /**
   * @param {unknown} error
   * @param {Address} wanted
   */
  function isOfFilters(error, wanted) {
    if (!(error instanceof Refused)) return false;
    const { problem } = error;
    return form.refuse(refusedFilters(problem), (name) => messageOf(problem, name, wanted[name]));
  }

  /** @param {Address} wanted */
  function none(wanted) {
    if (activeCount(wanted, filters) === 0) return texts.none;
    const clear = h("button", { type: "button", click: form.clear }, say("filter.none"));
    return h("div", { class: "row" }, h("span", { role: "status" }, texts.noMatch), clear);
  }
}

/**
 * @param {ProblemDetails} problem
 * @param {string} name
 * @param {string} [value]
 */
function messageOf({ type = "" }, name, value = "") {
  if (type.endsWith("/unknown-script")) return say("filter.unknown-script", { name: value });
  return say(name in MESSAGES ? MESSAGES[/** @type {keyof typeof MESSAGES} */ (name)] : "filter.refused", { value });
}
