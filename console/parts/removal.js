// @ts-check
// The removal of an execution's data: when, and by whom as far as the reader's key may know. The execution has the time,
// the audit trail the key.

/** @import { AuditEntry } from "../types.js" */

import { get, isAbort, pathOf, Refused } from "../api.js";
import { fill, h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { zonedTimestamp } from "../formats.js";
import { say } from "../words.js";

/**
 * A note with the time, to which the actor is added if the audit trail can be read.
 * @param {string} id
 * @param {string} removedAt
 * @param {AbortSignal} signal
 */
export function removalNote(id, removedAt, signal) {
  const at = zonedTimestamp(removedAt);
  const note = h("p", { class: "note" }, say("removed", { at }));
  removal(id, signal).then((entry) => entry && fill(note, removalText(entry, at)));
  return note;
}

/**
 * The record of the removal; none if the key lacks the scope to read it, or the trail is out of reach. The time is known
 * without it, so that is no error of the page.
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<AuditEntry | undefined>}
 */
async function removal(id, signal) {
  try {
    /** @type {{ items: AuditEntry[] }} */
    const { items } = await get(pathOf(["audit"], { execution: id, action: "removed_content", limit: 1 }), { signal });
    return items[0];
  } catch (error) {
    if (error instanceof Refused || isAbort(error)) return undefined;
    throw error;
  }
}

/**
 * Retention acts without a key and without a request; a request without a key was one that needed none.
 * @param {Pick<AuditEntry, "key_id" | "key_name" | "request_id">} entry
 * @param {string} at
 */
export function removalText({ key_id: id, key_name: name, request_id: request }, at) {
  if (id) return say("removed.by-key", { at, key: name ?? shortId(id) });
  return request ? say("removed.by-request", { at, request }) : say("removed.by-retention", { at });
}
