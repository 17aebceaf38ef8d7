// @ts-check
// Shows each state of something that runs, until it has finished.

/** @import { Refused } from "../api.js" */

import { fill, h } from "../dom.js";
import { say } from "../words.js";

/**
 * Show what `poll` yields. While the service is unreachable, the notice says so.
 * @template T
 * @param {AsyncIterable<{ value: T, error?: undefined } | { value?: undefined, error: Refused }>} states
 * @param {(value: T) => void} show
 * @param {HTMLElement} notice
 */
export async function follow(states, show, notice) {
  for await (const { value, error } of states) {
    if (error) fill(notice, lostNote(error));
    else show(value);
  }
}

/**
 * The words for a service that is unreachable.
 * @param {Refused} error
 */
export const lostNote = (error) => h("p", { class: "note" }, say("execution.lost", { why: error.message }));
