// @ts-check
// The stored dataset of an execution, for a dataset field.

import { getBlob, pathOf } from "../api.js";
import { shortId } from "../execution_names.js";

/** Longer texts are handled as files, since browsers are slow with long lines in a text field. */
const MAX_SHOWN_BYTES = 2 ** 18;

/**
 * @param {string} id The execution's.
 * @param {AbortSignal} signal
 * @returns {Promise<{ text?: string, file?: File }>}
 */
export async function storedDataset(id, signal) {
  const blob = await getBlob(pathOf(["executions", id, "input"]), { signal });
  return blob.size <= MAX_SHOWN_BYTES
    ? { text: await blob.text() }
    : { file: new File([blob], `dataset-${shortId(id)}.json`) };
}
