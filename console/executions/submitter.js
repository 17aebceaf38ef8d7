// @ts-check
// The API key of a submission, as far as the reader's key may know it: it stands in the audit trail.

/** @import { AuditEntry } from "../types.js" */

import { get, isAbort, pathOf, Refused } from "../api.js";
import { apiKey } from "../api_key.js";
import { fill, h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { say } from "../words.js";

/**
 * An element that gets the name of the key once it is known. A reader without a key is not asked about those of others.
 * @param {string} id The execution's.
 * @param {AbortSignal} signal
 */
export function submitter(id, signal) {
  const element = h("span");
  if (apiKey()) submission(id, signal).then((entry) => entry?.key_id && fill(element, submitterText(entry)));
  return element;
}

/** @param {Pick<AuditEntry, "key_id" | "key_name">} entry */
const submitterText = ({ key_id: id, key_name: name }) =>
  ` ${say("execution.by-key", { key: name ?? shortId(id ?? "") })}`;

/**
 * The record of the submission; none if the key lacks the scope to read it, or the trail is out of reach, which is no
 * error of the page.
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<AuditEntry | undefined>}
 */
async function submission(id, signal) {
  try {
    /** @type {{ items: AuditEntry[] }} */
    const { items } = await get(pathOf(["audit"], { execution: id, action: "submitted", limit: 1 }), { signal });
    return items[0];
  } catch (error) {
    if (error instanceof Refused || isAbort(error)) return undefined;
    throw error;
  }
}
