// @ts-check
// The start page: each script with its activity in a period, and what waits in the queue. Without scripts, ways to a first one.

/** @import { ScriptList, ViewContext } from "../types.js" */
/** @import { ActiveScript } from "../overview/rows.js" */

import { get, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { queueSection } from "../overview/queue.js";
import { orderOf, shownRows } from "../overview/rows.js";
import { overviewTable } from "../overview/table.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { field } from "../parts/field.js";
import { chips } from "../parts/filter_controls.js";
import { firstScript } from "../parts/first_script.js";
import { PERIODS } from "../parts/list_query.js";
import { periodText } from "../parts/period_filter.js";
import { repeat } from "../repeat.js";
import { href, remember } from "../router.js";
import { say } from "../words.js";

const REFRESH_MS = 30_000;
const PAGE = 200;
/** The most scripts that are shown. */
const MAX_SCRIPTS = 1_000;
const DEFAULT_PERIOD = "24h";

/** @param {ViewContext} context */
export async function view({ query, signal }) {
  let period = query.period && Object.hasOwn(PERIODS, query.period) ? query.period : DEFAULT_PERIOD;
  let { scripts, more } = await activeScripts(period, signal);
  if (scripts.length === 0) return { title: say("overview"), body: firstScript(signal) };
  let order = orderOf(query.sort);
  const { errorArea, attempt } = withErrorDisplay();
  const { element: search, input } = field(say("overview.search"), { type: "search", value: query.search });
  const table = overviewTable((chosen) => {
    order = chosen;
    remember({ sort: chosen });
    show();
  });
  const none = h("p", { class: "quiet", role: "status" });
  const show = () => {
    const shown = shownRows(scripts, input.value, order);
    table.show(shown, order);
    fill(none, shown.length === 0 && say("overview.no-match"));
  };
  const refresh = async () => {
    const wanted = period;
    const found = await activeScripts(wanted, signal);
    if (wanted !== period) return;
    ({ scripts, more } = found);
    show();
  };
  const periods = Object.keys(PERIODS).map((name) => /** @type {const} */ ([name, periodText(name)]));
  const { element: choice, press } = chips(say("overview.period"), periods, (chosen) => {
    period = chosen;
    press(chosen);
    remember({ period: chosen });
    attempt(refresh);
  });
  input.addEventListener("input", () => {
    remember({ search: input.value });
    show();
  });
  press(period);
  show();
  // A table does not change below a reader who is in it.
  const poll = async () => {
    if (!table.element.querySelector("tbody :focus")) await refresh();
  };
  repeat(poll, { ms: REFRESH_MS, signal });
  const create = h("a", { class: "button primary", href: href(["new"]) }, say("scripts.new"));
  const rest = more && h("p", { class: "quiet" }, say("overview.newest"));
  const controls = h("div", { class: "row overview-controls" }, choice, search, create);
  return { title: say("overview"), body: [queueSection(signal), controls, errorArea, table.element, none, rest] };
}

/**
 * The newest scripts with their activity, and whether there are more.
 * @param {string} activity The period.
 * @param {AbortSignal} signal
 */
async function activeScripts(activity, signal) {
  /** @type {ActiveScript[]} */
  const scripts = [];
  /** @type {string | null | undefined} */
  let cursor;
  do {
    /** @type {ScriptList} */
    const page = await get(pathOf(["scripts"], { activity, limit: PAGE, cursor }), { signal });
    scripts.push(.../** @type {ActiveScript[]} */ (page.items));
    cursor = page.next_cursor;
  } while (cursor && scripts.length < MAX_SCRIPTS);
  return { scripts, more: Boolean(cursor) };
}
