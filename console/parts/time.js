// @ts-check
// Times relative to now, with the time itself, its zone and UTC as their title.

import { fill, h } from "../dom.js";
import { fromNow, timestamp, zonedTimestamp } from "../formats.js";

const REFRESH_MS = 10_000;

/**
 * A timestamp of the API relative to now, such as "2 minutes ago"; a dash without one. `keepTimesCurrent` makes it follow
 * the clock.
 * @param {string | null | undefined} text
 */
export const relativeTime = (text) =>
  text ? h("time", { class: "relative", datetime: text, title: exactTime(text) }, fromNow(text)) : "–";

/**
 * A timestamp of the API as a date and a time.
 * @param {string} text
 */
export const dateTime = (text) =>
  h("time", { class: "moment", datetime: text, title: exactTime(text) }, timestamp(text));

/**
 * A date and a time, and how long ago that is.
 * @param {string} text
 */
export const datedAge = (text) => [dateTime(text), h("span", { class: "quiet" }, " · ", relativeTime(text))];

/**
 * A timestamp of the API in the reader's zone, and as it is, which is in UTC.
 * @param {string} text
 */
export const exactTime = (text) => `${zonedTimestamp(text)} · ${text}`;

/** Make the relative times on the page follow the clock while the tab is visible. */
export function keepTimesCurrent() {
  setInterval(refresh, REFRESH_MS);
  document.addEventListener("visibilitychange", refresh);
}

function refresh() {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("time.relative")) {
    const words = fromNow(element.getAttribute("datetime") ?? "");
    if (element.textContent !== words) fill(element, words);
  }
}
