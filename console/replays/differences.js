// @ts-check
// The differences of a replay, grouped by execution and loaded page by page.

/** @import { DifferenceLine } from "../types.js" */

import { getLines, pathOf } from "../api.js";
import { differenceLineOf } from "../differences/lines.js";
import { differenceTable } from "../differences/table.js";
import { fill, h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { submit } from "../parts/submission.js";
import { say } from "../words.js";
import { links } from "./links.js";

const PAGE = 100;

/** @typedef {{ lines: DifferenceLine[], body: HTMLElement }} Group */

/**
 * An element that loads the first page when it is made.
 * @param {string[]} path The path of the replay.
 * @param {AbortSignal} signal
 */
export function differencesOf(path, signal) {
  const groups = h("div");
  const after = h("div", { class: "row" });
  const { errorArea, attempt } = withErrorDisplay();
  /** @type {Group | undefined} */
  let last;
  /** @param {string} page */
  const load = async (page) => {
    const { lines, next } = await getLines(page, { signal });
    for (const line of lines.map(differenceLineOf)) add(line);
    show(last);
    if (!last && !next) fill(groups, h("p", { class: "quiet" }, say("replay.no-differences")));
    fill(after, next && moreButton(next));
  };
  /** @param {string} next */
  const moreButton = (next) => {
    /** @type {HTMLButtonElement} */
    const button = h(
      "button",
      { type: "button", click: () => attempt(() => submit(button, () => load(next))) },
      say("more"),
    );
    return button;
  };
  /** @param {DifferenceLine} line */
  const add = (line) => {
    if (line.number !== last?.lines[0].number) {
      show(last);
      last = { lines: [], body: h("div") };
      groups.append(h("section", { class: "difference-group" }, groupHead(line), last.body));
    }
    last.lines.push(line);
  };
  /** @param {Group} [group] */
  const show = (group) => {
    if (!group) return;
    const [{ number }] = group.lines;
    const label = `${say("replay.differences")}: ${say("replay.group", { number: number + 1 })}`;
    fill(group.body, differenceTable(group.lines, label));
  };
  attempt(() => load(pathOf([...path, "differences"], { limit: PAGE })));
  return h("div", {}, groups, errorArea, after);
}

/** @param {DifferenceLine} line */
const groupHead = ({ number, originalId, executionId }) =>
  h(
    "div",
    { class: "row group-head" },
    h("h3", {}, say("replay.group", { number: number + 1 })),
    links(originalId, executionId),
  );
