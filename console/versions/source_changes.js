// @ts-check
// The differences between the sources of two versions, or the words for why there are none to see.

/** @import { Content, Version } from "../types.js" */

import { get, getText, pathOf } from "../api.js";
import { h } from "../dom.js";
import { editor } from "../parts/editor.js";
import { sourceDiff } from "../parts/source_diff.js";
import { say } from "../words.js";

const MOST_CHARACTERS = 400_000;
const MOST_LINES = 20_000;

/** @typedef {Version & { text: string }} VersionWithSource */

/**
 * A version with the text of its source.
 * @param {string} name
 * @param {string | number} number
 * @param {AbortSignal} signal
 * @returns {Promise<VersionWithSource>}
 */
export async function readVersion(name, number, signal) {
  const path = ["scripts", name, "versions", number];
  const [version, text] = await Promise.all([
    get(pathOf(path), { signal }),
    getText(pathOf([...path, "source"]), { signal }),
  ]);
  return { ...version, text };
}

/**
 * @param {string} name
 * @param {VersionWithSource} before
 * @param {VersionWithSource} after
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
export async function sourceChanges(name, before, after, signal) {
  if (before.sha256 === after.sha256) return h("p", { role: "status" }, say("changes.same-source"));
  if (withPlainEnds(before.text) === withPlainEnds(after.text))
    return h("p", { role: "status" }, say("changes.line-ends"));
  const both = say("changes.between", { before: before.number, after: after.number });
  if (isHuge(before.text) || isHuge(after.text)) return patchOf(name, before, after, signal);
  return sourceDiff({
    before: before.text,
    after: after.text,
    labels: [say("changes.version", before), say("changes.version", after), both],
    signal,
  });
}

/** @param {string} text */
const withPlainEnds = (text) => text.replaceAll(/\r\n?/g, "\n");

/** @param {string} text */
const isHuge = (text) => text.length > MOST_CHARACTERS || text.split("\n", MOST_LINES + 1).length > MOST_LINES;

/**
 * The patch that the service makes, as a text.
 * @param {string} name
 * @param {VersionWithSource} before
 * @param {VersionWithSource} after
 * @param {AbortSignal} signal
 */
async function patchOf(name, before, after, signal) {
  const path = pathOf(["scripts", name, "versions", after.number, "diff"], { against: before.number });
  const text = await getText(path, { signal });
  const label = say("changes.patch", { before: before.number, after: after.number });
  return [
    h("p", { class: "note" }, say("changes.huge")),
    editor({ text, label, readOnly: true, isPlain: true }).element,
  ];
}
