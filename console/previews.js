// @ts-check
// Previews: runs of a source that is not saved, on a dataset of which nothing is stored.

/** @import { Preview } from "./types.js" */

import { callForText, pathOf } from "./api.js";

/**
 * A source, its engine and limits, and the version of a script that its result is compared with, if any.
 * @typedef {object} TriedSource
 * @property {string} source
 * @property {string | null} engine
 * @property {Record<string, number | null>} limits
 * @property {string} [script]
 * @property {number} [version]
 */

/**
 * Run a source on a dataset. The text of the dataset is sent as it is, because its numbers may have more digits than
 * JavaScript's. Returns the response and its text.
 * @param {TriedSource} tried
 * @param {string} dataset
 * @param {AbortSignal} signal
 * @returns {Promise<{ text: string, preview: Preview }>}
 */
export async function preview(tried, dataset, signal) {
  const body = `${JSON.stringify(tried).slice(0, -1)},"dataset":${dataset}}`;
  const headers = { "Content-Type": "application/json" };
  const text = await callForText("POST", pathOf(["previews"]), { body, headers, signal });
  return { text, preview: JSON.parse(text) };
}
