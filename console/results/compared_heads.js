// What two executions were, side by side.

import { h } from "../dom.js";
import { count, duration, moment, size } from "../formats.js";
import { scrolling } from "../parts/more.js";
import { status } from "../parts/status.js";
import { href } from "../router.js";
import { say } from "../words.js";

const DASH = "–";

/** What is told of an execution: words, what is compared, and how that is shown. */
const FACTS = [
  ["script", (one) => one.script.name, (name) => h("a", { href: href(["scripts", name]) }, name)],
  ["version", (one) => one.script.version, String],
  ["source", (one) => one.script.sha256, short],
  ["status", (one) => one.status, status],
  ["error", (one) => one.error?.kind, String],
  ["input", (one) => one.input?.sha256, (digest, { input }) => [short(digest), `, ${size(input.size_bytes)}`]],
  ["output", (one) => one.output?.sha256, (digest, { output }) => [short(digest), `, ${size(output.size_bytes)}`]],
  ["engine", (one) => one.engine, String],
];

/** These differ from run to run, and are not marked. */
const MEASURES = [
  ["submitted", (one) => one.submitted_at, moment],
  ["queued", (one) => one.measures?.queued_ms, duration],
  ["wall", (one) => one.measures?.wall_ms, duration],
  ["cpu", (one) => one.measures?.cpu_ms, duration],
  ["memory", (one) => one.measures?.peak_memory_bytes, size],
  ["attempt", (one) => one.attempt, count],
];

function short(digest) {
  return h("code", { title: digest }, digest.slice(0, 12));
}

/** A table of both executions; what they do not have in common is marked, in words as well. */
export function comparedHeads(left, right) {
  const rows = [
    ...FACTS.map((fact) => factRow(fact, left, right, true)),
    ...MEASURES.map((fact) => factRow(fact, left, right, false)),
  ];
  const side = (words, { id }) =>
    h("th", { scope: "col" }, say(words), h("br"), h("a", { href: href(["executions", id]) }, h("code", {}, id)));
  const head = h("thead", {}, h("tr", {}, h("td"), side("compare.left", left), side("compare.right", right)));
  return scrolling(
    h(
      "table",
      { class: "heads" },
      h("caption", { class: "unseen" }, say("compare.executions")),
      head,
      h("tbody", {}, rows),
    ),
    say("compare.executions"),
  );
}

function factRow([name, read, show], left, right, isFact) {
  const values = [left, right].map(read);
  const differs = isFact && values[0] !== values[1];
  const cells = [left, right]
    .map((one, at) => shownFact(values[at], one, show))
    .map((words) => h("td", {}, differs ? h("mark", {}, words) : words));
  const head = h(
    "th",
    { scope: "row" },
    say(`compare.${name}`),
    differs && [" ", h("span", { class: "differs" }, say("compare.differs"))],
  );
  return values.some((value) => value !== undefined && value !== null) && h("tr", {}, head, cells);
}

const shownFact = (value, one, show) => (value === undefined || value === null ? DASH : show(value, one));
