// @ts-check
// Times relative to now, with the time itself, its zone and UTC as their title; or in UTC, once the reader has chosen that.

import { fill, h } from "../dom.js";
import { fromNow, localTimestamp, timestamp, utcTimestamp, zoneName } from "../formats.js";
import { isUtc } from "../time_zone.js";

const REFRESH_MS = 10_000;

/**
 * A timestamp of the API relative to now, such as "2 minutes ago"; a dash without one. `keepTimesCurrent` makes it follow
 * the clock.
 * @param {string | null | undefined} text
 */
export const relativeTime = (text) =>
  text ? h("time", { class: "relative", datetime: text, title: exactTime(text) }, relativeWords(text)) : "–";

/**
 * A timestamp of the API as a date and a time.
 * @param {string} text
 */
export const dateTime = (text) =>
  h("time", { class: "moment", datetime: text, title: exactTime(text) }, timestamp(text));

/** @param {string} text */
const relativeWords = (text) => (isUtc() ? utcTimestamp(text) : fromNow(text));

/** The name of the zone of times, for the head of a column. */
export const zoneOfTimes = () => h("span", { class: "zone" }, zoneName());

/**
 * A date and a time, and how long ago that is.
 * @param {string} text
 */
export const datedAge = (text) => [dateTime(text), h("span", { class: "quiet" }, " · ", relativeTime(text))];

/**
 * A timestamp of the API in the reader's zone, and as it is, which is in UTC.
 * @param {string} text
 */
const exactTime = (text) => `${localTimestamp(text)} · ${text}`;

/** Make the relative times on the page follow the clock while the tab is visible. */
export function keepTimesCurrent() {
  const refresh = () => document.hidden || showTimes();
  setInterval(refresh, REFRESH_MS);
  document.addEventListener("visibilitychange", refresh);
}

/** Show the times on the page as of now, in the present zone. */
export function showTimes() {
  const words = { "time.relative": relativeWords, "time.moment": timestamp };
  for (const [selector, wordsOf] of Object.entries(words))
    for (const element of document.querySelectorAll(selector)) {
      const shown = wordsOf(element.getAttribute("datetime") ?? "");
      if (element.textContent !== shown) fill(element, shown);
    }
  for (const element of document.querySelectorAll("th .zone")) renameZone(element);
}

/**
 * Show the present zone in the head of a column, and in the labels of its cells, which a narrow window shows.
 * @param {Element} element
 */
function renameZone(element) {
  const head = element.closest("th");
  const before = head?.textContent;
  fill(element, zoneName());
  for (const cell of head?.closest("table")?.querySelectorAll("[data-label]") ?? [])
    if (cell.getAttribute("data-label") === before) cell.setAttribute("data-label", head?.textContent ?? "");
}
