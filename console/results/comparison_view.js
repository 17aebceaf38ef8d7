// @ts-check
// Two results, row by row or value by value: the verdict, the choices, and the pairs.

/** @import { ComparisonSummary, Content, PlacesSummary, ResultStore } from "../types.js" */

import { counted } from "../counts.js";
import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { say } from "../words.js";
import { columnChanges, toleranceChoice } from "./comparison_columns.js";
import { keyChoice } from "./comparison_key.js";
import { pairsView, STATES } from "./comparison_pairs.js";
import { latest } from "./latest.js";
import { keyOf, keyText, tableAddress } from "./table_address.js";

const VERDICTS = /** @type {const} */ ({ rows: "compare.of.rows", places: "compare.of.places" });

/**
 * The comparison of the results that a store has under the names "left" and "right". `onTolerance` gets the tolerance
 * of numbers that the reader chooses.
 * @param {ResultStore} store
 * @param {{ tolerance: number, onTolerance: (tolerance: number) => void }} options
 * @returns {Promise<Content>}
 */
export async function comparisonView({ query }, { tolerance, onTolerance }) {
  const [counts, pairs] = [h("div"), h("div")];
  /** @type {{ key?: number[], tolerance: number }} */
  const wanted = { tolerance };
  const compare = () => query("compare", { left: "left", right: "right", ...wanted });
  const { errorArea, attempt } = withErrorDisplay();
  const address = tableAddress();
  const first = await ofAddress(await compare());
  const compareAgain = latest(() => attempt(async () => show(await compare())));
  const keys = first.of === "rows" ? keyChoice(first, chooseKey) : null;
  show(first);
  const numbers = toleranceChoice(tolerance, (chosen) => {
    onTolerance(chosen);
    change({ tolerance: chosen });
  });
  return [counts, keys?.element, numbers, errorArea, pairs];

  /**
   * The comparison by the key of the address, if the tables have its columns.
   * @param {ComparisonSummary} proposed
   */
  async function ofAddress(proposed) {
    if (proposed.of !== "rows") return proposed;
    wanted.key = keyOf(proposed.columns, address.read("key"));
    return wanted.key ? compare() : proposed;
  }

  /** @param {number[]} key */
  function chooseKey(key) {
    if (first.of === "rows") address.write({ key: keyText(first.columns, key) });
    change({ key });
  }

  /** @param {Partial<typeof wanted>} changed */
  function change(changed) {
    Object.assign(wanted, changed);
    compareAgain();
  }

  /** @param {ComparisonSummary} summary */
  function show(summary) {
    fill(counts, countsOf(summary), summary.of === "places" && omissionNote(summary));
    fill(pairs, pairsView(query, summary, address));
    if (summary.of === "rows") keys?.update(summary);
  }
}

/**
 * @param {ComparisonSummary} summary
 * @returns {Content}
 */
function countsOf(summary) {
  const { of, counts } = summary;
  const areSame = counts.every((number, state) => state === 0 || number === 0);
  return [
    h("p", { role: "status" }, say(areSame ? "compare.same" : VERDICTS[of])),
    h(
      "ul",
      { class: "counts" },
      STATES.map((state, at) => countOf(state, counts[at])),
    ),
    of === "rows" && columnChanges(summary),
    of === "rows" && summary.isReordered && h("p", { class: "note" }, say("compare.reordered")),
  ];
}

/**
 * @param {(typeof STATES)[number]} state
 * @param {number} number
 */
const countOf = (state, number) =>
  h(
    "li",
    { class: number > 0 && state },
    h("strong", {}, count(number)),
    ` ${counted(`compare.count.${state}`, number)}`,
  );

/**
 * A note if there are more places than can be shown.
 * @param {PlacesSummary} summary
 */
const omissionNote = ({ kept: [places, different], counts }) => {
  const differing = counts.slice(1).reduce((sum, number) => sum + number, 0);
  return (
    (places < counts[0] + differing || different < differing) &&
    h("p", { class: "note" }, say("compare.kept", { count: count(Math.max(places, different)) }))
  );
};
