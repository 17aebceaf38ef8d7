// @ts-check
// The table of the overview. A click on a head sorts by its column.

/** @import { Content } from "../types.js" */
/** @import { ActiveScript } from "./rows.js" */

import { fill, h, visuallyHidden } from "../dom.js";
import { count, duration, percent } from "../formats.js";
import { scrolling, secondary } from "../parts/paged_table.js";
import { statusBadge } from "../parts/status.js";
import { relativeTime } from "../parts/time.js";
import { href } from "../router.js";
import { say } from "../words.js";
import { failureRate, orderAfter } from "./rows.js";
import { sparkline } from "./sparkline.js";

/**
 * The table; `show(scripts, order)` shows rows. `sort(order)` is called when the reader chooses another order.
 * @param {(order: string) => void} sort
 */
export function overviewTable(sort) {
  let present = "";
  const columns = [
    column("name", say("script.name")),
    column("", say("script.version"), secondary),
    column("last", say("overview.last")),
    column("runs", say("overview.runs")),
    column("failed", say("overview.failed")),
    column("p95", h("abbr", { title: say("overview.p95.about") }, say("overview.p95")), secondary),
    column("", say("overview.activity"), secondary),
  ];
  const rows = h("tbody");
  const head = h("thead", {}, h("tr", {}, columns));
  const title = h("caption", { class: "visually-hidden" }, say("overview"));
  return { element: scrolling(h("table", { class: "overview" }, title, head, rows), say("overview")), show };

  /**
   * @param {string} name The name of the column's order; empty if there is none.
   * @param {Content} words
   * @param {(content: Content) => Content} [wrapped]
   */
  function column(name, words, wrapped = (content) => content) {
    const click = () => sort(orderAfter(name, present));
    const content = name ? h("button", { type: "button", class: "link sort", click }, words) : words;
    const number = name !== "name" && name !== "last" && name !== "";
    return h("th", { scope: "col", class: number && "number", value: name || null }, wrapped(content));
  }

  /**
   * @param {ActiveScript[]} scripts
   * @param {string} order
   */
  function show(scripts, order) {
    present = order;
    for (const head of columns) {
      const isSorted = head.getAttribute("value") === order.replace(/^-/, "");
      if (isSorted) head.setAttribute("aria-sort", order.startsWith("-") ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    fill(rows, scripts.map(row));
  }
}

/** @param {ActiveScript} script */
function row({ name, latest_version, archived_at, activity }) {
  const { executions, failed, p95_ms: p95 } = activity;
  return h(
    "tr",
    {},
    h(
      "td",
      {},
      h("a", { href: href(["scripts", name]) }, name),
      archived_at && [" ", h("span", { class: "badge" }, say("script.archived"))],
    ),
    h("td", {}, secondary(`v${latest_version}`)),
    h("td", {}, lastRun(activity)),
    h("td", { class: "number" }, runs(name, activity, executions)),
    h(
      "td",
      { class: failed ? "number bad" : "number" },
      count(failed),
      failed > 0 && ` (${percent(failureRate(activity))})`,
    ),
    h("td", { class: "number" }, secondary(p95 === null ? "–" : duration(p95))),
    h("td", {}, secondary(sparkline(activity))),
  );
}

/**
 * @param {string} script
 * @param {ActiveScript["activity"]} activity
 * @param {number} executions
 */
const runs = (script, { since }, executions) =>
  executions ? h("a", { href: href(["executions"], { script, submitted_from: since }) }, count(executions)) : "0";

/** @param {ActiveScript["activity"]} activity */
function lastRun({ last }) {
  if (!last) return h("span", { class: "quiet" }, say("overview.never"));
  const error = last.error_kind && { kind: last.error_kind };
  return [
    h("a", { href: href(["executions", last.id]) }, relativeTime(last.submitted_at)),
    " ",
    statusBadge(last.status, error),
    visuallyHidden(` v${last.version}`),
  ];
}
