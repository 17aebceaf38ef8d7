// @ts-check
// The facts and resources of two executions, side by side.

/** @import { Content, Execution, PlainWordName } from "../types.js" */

import { h } from "../dom.js";
import { shortId } from "../execution_names.js";
import { count, duration, size } from "../formats.js";
import { scrolling } from "../parts/paged_table.js";
import { statusBadge } from "../parts/status.js";
import { dateTime } from "../parts/time.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

const DASH = "–";

/**
 * A row of the table: a value that is compared, and the content of its cell.
 * @typedef {object} Fact
 * @property {PlainWordName} words
 * @property {(execution: Execution) => string | number | null | undefined} value
 * @property {(execution: Execution) => Content} cell
 */

/** @type {Fact[]} */
const FACTS = [
  {
    words: "compare.script",
    value: ({ script }) => script.name,
    cell: ({ script }) => h("a", { href: href(["scripts", script.name]) }, script.name),
  },
  { words: "compare.version", value: ({ script }) => script.version, cell: ({ script }) => script.version },
  { words: "compare.source", value: ({ script }) => script.sha256, cell: ({ script }) => digest(script.sha256) },
  { words: "compare.status", value: ({ status }) => status, cell: ({ status, error }) => statusBadge(status, error) },
  {
    words: "compare.error",
    value: ({ error }) => error?.kind,
    cell: ({ error }) => error && called("error", error.kind),
  },
  {
    words: "compare.input",
    value: ({ input }) => input.sha256,
    cell: ({ input }) => [digest(input.sha256), `, ${size(input.size_bytes)}`],
  },
  {
    words: "compare.output",
    value: ({ output }) => output?.sha256,
    cell: ({ output }) => output && [digest(output.sha256), `, ${size(output.size_bytes)}`],
  },
  { words: "compare.engine", value: ({ engine }) => engine, cell: ({ engine }) => engine },
];

/**
 * Facts that differ in every run, so differences are not marked.
 * @type {Fact[]}
 */
const MEASURES = [
  {
    words: "compare.submitted",
    value: ({ submitted_at }) => submitted_at,
    cell: ({ submitted_at }) => dateTime(submitted_at),
  },
  {
    words: "compare.queued",
    value: ({ measures }) => measures?.queued_ms,
    cell: ({ measures }) => measures && duration(measures.queued_ms),
  },
  {
    words: "compare.wall",
    value: ({ measures }) => measures?.wall_ms,
    cell: ({ measures }) => measures && duration(measures.wall_ms),
  },
  {
    words: "compare.cpu",
    value: ({ measures }) => measures?.cpu_ms,
    cell: ({ measures }) => measures && duration(measures.cpu_ms),
  },
  {
    words: "compare.memory",
    value: ({ measures }) => measures?.peak_memory_bytes,
    cell: ({ measures }) => measures && size(measures.peak_memory_bytes),
  },
  { words: "compare.attempt", value: ({ attempt }) => attempt, cell: ({ attempt }) => count(attempt) },
];

/** @param {string} sha256 */
const digest = (sha256) => h("code", { title: sha256 }, sha256.slice(0, 12));

/**
 * A table of both executions; different facts are marked, and not by colour alone.
 * @param {Execution} left
 * @param {Execution} right
 */
export function comparisonHeader(left, right) {
  const rows = [
    ...FACTS.map((fact) => factRow(fact, left, right, true)),
    ...MEASURES.map((fact) => factRow(fact, left, right, false)),
  ];
  /**
   * @param {PlainWordName} words
   * @param {Execution} execution
   */
  const side = (words, { id }) =>
    h(
      "th",
      { scope: "col" },
      say(words),
      h("br"),
      h("a", { href: href(["executions", id]), title: id }, h("code", {}, shortId(id))),
    );
  const head = h("thead", {}, h("tr", {}, h("td"), side("compare.left", left), side("compare.right", right)));
  return scrolling(
    h(
      "table",
      { class: "heads" },
      h("caption", { class: "visually-hidden" }, say("compare.executions")),
      head,
      h("tbody", {}, rows),
    ),
    say("compare.executions"),
  );
}

/**
 * The row of a fact; none if neither execution has it.
 * @param {Fact} fact
 * @param {Execution} left
 * @param {Execution} right
 * @param {boolean} isMarked
 */
function factRow({ words, value, cell }, left, right, isMarked) {
  const differs = isMarked && value(left) !== value(right);
  /** @param {Execution} execution */
  const isKnown = (execution) => value(execution) !== undefined && value(execution) !== null;
  /** @param {Execution} execution */
  const element = (execution) => {
    const content = isKnown(execution) ? cell(execution) : DASH;
    return h("td", {}, differs ? h("mark", {}, content) : content);
  };
  const head = h(
    "th",
    { scope: "row" },
    say(words),
    differs && [" ", h("span", { class: "differs" }, say("compare.differs"))],
  );
  return (isKnown(left) || isKnown(right)) && h("tr", {}, head, element(left), element(right));
}
