// @ts-check
// The outcome of a preview: its result or error, its log, and its differences from a version.

/** @import { Content, Preview, PreviewDifferences, ResultStore } from "../types.js" */

import { h } from "../dom.js";
import { count, duration, size } from "../formats.js";
import { resultViews } from "../results/panel.js";
import { tabs } from "../results/tabs.js";
import { say } from "../words.js";
import { logs } from "./logs.js";
import { previewChanges } from "./preview_changes.js";
import { runErrorNote } from "./run_error.js";
import { statusBadge } from "./status.js";
import { warningNote } from "./warnings.js";

/**
 * @typedef {object} ShownPreview
 * @property {Preview} preview
 * @property {string} text The response.
 * @property {ResultStore} store
 * @property {string | undefined} tab The selected tab.
 * @property {(tab: string) => void} chosen
 * @property {AbortSignal} signal
 */

/**
 * @param {ShownPreview} shown
 * @returns {Promise<Content>}
 */
export async function tryOutcome({ preview, text, store, tab, chosen, signal }) {
  const { error, logs: lines, logs_truncated: isTruncated, differences } = preview;
  const result = error ? undefined : await resultOf(store, text, signal);
  const all = [{ name: "log", words: say("try.log", { n: lines.length }), show: () => logs(lines, isTruncated) }];
  if (result) all.unshift({ name: "result", words: say("result"), show: () => result });
  if (differences)
    all.push({ name: "changes", words: changesTitle(differences), show: () => previewChanges(differences, text) });
  return [
    measures(preview),
    error && runErrorNote(error),
    [...preview.warnings, ...preview.source_warnings].map(warningNote),
    tabs(say("try.outcome"), all, { name: tab, chosen }),
  ];
}

/**
 * @param {ResultStore} store
 * @param {string} text
 * @param {AbortSignal} signal
 */
async function resultOf(store, text, signal) {
  await store.take("result", text, "result");
  return resultViews(store, { name: say("try.file"), signal, areViewsFirst: true });
}

/** @param {PreviewDifferences} differences */
const changesTitle = ({ against_version: version, count: number }) =>
  say("try.changes", { version, n: number === null ? "?" : count(number) });

/** @param {Preview} preview */
const measures = ({ state, error, wall_ms, cpu_ms, peak_memory_bytes, engine }) =>
  h(
    "p",
    { class: "row" },
    statusBadge(state, error),
    h(
      "span",
      { class: "quiet" },
      `${duration(wall_ms)} · ${say("measures.cpu")} ${duration(cpu_ms)} · ${size(peak_memory_bytes)} · ${engine}`,
    ),
  );
