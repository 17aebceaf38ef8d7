// @ts-check
// The reproduction of an execution: a button that starts it, its progress, and its outcome.

/** @import { Content, Difference, Inconclusive, Reproduction } from "../types.js" */

import { call, get, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { poll } from "../poll.js";
import { visible } from "../results/visible.js";
import { href } from "../router.js";
import { called, say } from "../words.js";
import { withErrorDisplay } from "./error_display.js";
import { submit } from "./submission.js";

const WAIT_SECONDS = 30;

/**
 * @param {string} id The execution's.
 * @param {AbortSignal} signal
 */
export function reproductionOf(id, signal) {
  const { errorArea, attempt } = withErrorDisplay();
  const shown = h("div", { role: "status" });
  const reproduce = async () => {
    fill(shown, h("p", {}, say("reproduction.started"))); // the response waits, so it is not known whether it runs yet
    try {
      await follow(id, shown, signal);
    } catch (error) {
      fill(shown);
      throw error;
    }
  };
  /** @type {HTMLButtonElement} */
  const button = h(
    "button",
    { type: "button", "data-needs": "executions:write", click: () => attempt(() => submit(button, reproduce)) },
    say("reproduction.start"),
  );
  return [
    h("h3", {}, say("reproduction")),
    h("p", {}, say("reproduction.about")),
    h("div", { class: "row" }, button),
    shown,
    errorArea,
  ];
}

/**
 * Start a reproduction, and show each of its states until it has finished. While the service is unreachable, the status
 * says so.
 * @param {string} id
 * @param {HTMLElement} shown
 * @param {AbortSignal} signal
 */
async function follow(id, shown, signal) {
  const headers = { Prefer: `wait=${WAIT_SECONDS}` };
  /** @type {Reproduction} */
  const started = await call("POST", pathOf(["executions", id, "reproduction"]), { headers, signal });
  fill(shown, await outcomeOf(started, signal));
  if (hasFinished(started)) return;
  for await (const { value, error } of poll(addressOf(started), hasFinished, signal))
    fill(shown, value ? await outcomeOf(value, signal) : h("p", {}, say("execution.lost", { why: error.message })));
}

/** @param {Reproduction} reproduction */
const hasFinished = ({ status }) => status === "finished";

/** @param {Reproduction} reproduction */
const addressOf = ({ execution_id: execution, id }) => pathOf(["executions", execution, "reproductions", id]);

/**
 * @param {Reproduction} reproduction
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
async function outcomeOf(reproduction, signal) {
  const { id, status, reproduced, difference, inconclusive } = reproduction;
  if (status !== "finished")
    return h("p", {}, say(status === "pending" ? "reproduction.pending" : "reproduction.running"));
  const replay = h("p", {}, h("a", { href: href(["executions", id]) }, say("reproduction.replay")));
  if (reproduced)
    return h("div", { class: "note" }, h("p", {}, h("strong", {}, say("reproduction.identical"))), replay);
  if (difference) return differenceOf(await withExcerpts(reproduction, difference, signal), replay);
  return inconclusive ? inconclusiveOf(inconclusive, replay) : replay;
}

/**
 * The difference with excerpts of both results, which the response to the request that starts a reproduction leaves out.
 * @param {Reproduction} reproduction
 * @param {Difference} difference
 * @param {AbortSignal} signal
 */
async function withExcerpts(reproduction, difference, signal) {
  if (difference.byte === null || difference.expected_excerpt) return difference;
  /** @type {Reproduction} */
  const read = await get(addressOf(reproduction), { signal });
  return read.difference ?? difference;
}

/**
 * @param {Difference} difference
 * @param {Content} replay
 */
const differenceOf = ({ of, expected, actual, byte, expected_excerpt, actual_excerpt }, replay) =>
  h(
    "div",
    { class: "refusal" },
    h("p", {}, h("strong", {}, say("reproduction.different"), " ", called("difference", of))),
    h(
      "dl",
      {},
      fact("reproduction.expected", expected),
      fact("reproduction.actual", actual),
      byte !== null && fact("reproduction.byte", count(byte)),
      expected_excerpt && fact("reproduction.expected-excerpt", expected_excerpt),
      actual_excerpt && fact("reproduction.actual-excerpt", actual_excerpt),
    ),
    replay,
  );

/**
 * @param {Inconclusive} inconclusive
 * @param {Content} replay
 */
const inconclusiveOf = ({ reason, expected, actual }, replay) =>
  h(
    "div",
    { class: "note" },
    h("p", {}, h("strong", {}, say("reproduction.inconclusive"), " ", called("inconclusive", reason))),
    (expected || actual) &&
      h("dl", {}, expected && fact("reproduction.expected", expected), actual && fact("reproduction.actual", actual)),
    replay,
  );

/**
 * @param {import("../types.js").PlainWordName} name
 * @param {string} value
 */
const fact = (name, value) => [h("dt", {}, say(name)), h("dd", {}, h("code", {}, visible(value)))];
