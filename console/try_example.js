// @ts-check
// The example in one step: create its script unless it exists, and run it over made-up card statistics.

/** @import { Execution, Script, Version } from "./types.js" */

import { call, get, getText, pathOf, Refused, send, unusable } from "./api.js";
import { cardStatistics } from "./card_statistics.js";
import { EXAMPLE_NAME, exampleSource } from "./example.js";
import { say } from "./words.js";

const MAX_NAMES = 20;
const MAX_VERSIONS = 100;

/** A script version of the service. @typedef {{ name: string, number: number }} Found */

/**
 * Run the example, and resolve with its execution, which has finished unless that takes more than ten seconds. `report`
 * gets each step in words.
 * @param {(words: string) => void} report
 * @param {AbortSignal} signal
 * @returns {Promise<Execution>}
 */
export async function tryExample(report, signal) {
  report(say("example.creating"));
  const { name, number } = await createdScript(await exampleSource(), signal);
  report(say("example.running"));
  return call("POST", pathOf(["scripts", name, "versions", number, "executions"]), {
    body: JSON.stringify(cardStatistics()),
    headers: { "Content-Type": "application/json", Prefer: "wait=10" },
    signal,
  });
}

/**
 * A script with this source: a new one, or the one that has the name. Other names follow where the name belongs to
 * another script.
 * @param {string} source
 * @param {AbortSignal} signal
 * @returns {Promise<Found>}
 */
async function createdScript(source, signal) {
  for (const name of names()) {
    const found = (await created(name, source, signal)) ?? (await existing(name, source, signal));
    if (found) return found;
  }
  throw unusable(() => say("example.no-name", { name: EXAMPLE_NAME }));
}

function* names() {
  yield EXAMPLE_NAME;
  yield `${EXAMPLE_NAME}-example`;
  for (let number = 2; number < MAX_NAMES; number += 1) yield `${EXAMPLE_NAME}-example-${number}`;
}

/**
 * A new script, or null if the name is taken. A key that may not create scripts can still run one that exists.
 * @param {string} name
 * @param {string} source
 * @param {AbortSignal} signal
 * @returns {Promise<Found | null>}
 */
async function created(name, source, signal) {
  try {
    await send("POST", pathOf(["scripts"]), { name, source, description: say("example.description") }, { signal });
    return { name, number: 1 };
  } catch (error) {
    const { status = 0 } = error instanceof Refused ? error.problem : {};
    if (status === 409) return null;
    if (status !== 403) throw error;
    const found = await existing(name, source, signal).catch(() => null);
    if (found) return found;
    throw error;
  }
}

/**
 * The newest version of a script that has this source; null without one, or if the script is archived.
 * @param {string} name
 * @param {string} source
 * @param {AbortSignal} signal
 * @returns {Promise<Found | null>}
 */
async function existing(name, source, signal) {
  /** @type {Script} */
  const { archived_at: archived } = await get(pathOf(["scripts", name]), { signal });
  if (archived) return null;
  const path = ["scripts", name, "versions"];
  /** @type {{ items: Version[] }} */
  const { items } = await get(pathOf(path, { limit: MAX_VERSIONS }), { signal });
  const size = new TextEncoder().encode(source).length;
  for (const { number } of items.filter(({ size_bytes }) => size_bytes === size)) {
    if ((await getText(pathOf([...path, number, "source"]), { signal })) === source) return { name, number };
  }
  return null;
}
