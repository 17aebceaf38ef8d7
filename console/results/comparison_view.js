// Two results, row by row or place by place.

import { fill, h, newId } from "../dom.js";
import { count } from "../formats.js";
import { attempts } from "../parts/attempt.js";
import { scrolling } from "../parts/more.js";
import { say } from "../words.js";
import { cellContent, columnWords } from "./cell_view.js";
import { latest } from "./latest.js";
import { pager } from "./pager.js";
import { visible } from "./visible.js";

const ROWS = 50;
const COLUMNS_AT_ONCE = 30;
const MOST_KEYS = 60;
const STATES = ["equal", "changed", "left", "right"];

/** The results that a holder has under the names "left" and "right", compared. */
export async function comparisonView({ ask }) {
  const [counts, pairs] = [h("div", {}), h("div", {})];
  const compare = (key) => ask("compare", { left: "left", right: "right", key });
  const { place, attempt } = attempts();
  const first = await compare();
  const again = latest((key) => attempt(async () => show(await compare(key))));
  const keys = first.of === "rows" ? keyChoice(first, again) : null;
  show(first);
  return [counts, keys?.element, place, pairs];

  function show(summary) {
    fill(counts, countsOf(summary), summary.of === "places" && treeNote(summary));
    fill(pairs, pairsView({ ask, summary }));
    keys?.tell(summary);
  }
}

function countsOf({ of, counts, isReordered }) {
  const words = counts.map((number, state) => countOf(STATES[state], number));
  const areSame = counts.every((number, state) => state === 0 || number === 0);
  return [
    h("p", { role: "status" }, say(areSame ? "compare.same" : `compare.of.${of}`)),
    h("ul", { class: "counts" }, words),
    isReordered && h("p", { class: "note" }, say("compare.reordered")),
  ];
}

const countOf = (state, number) =>
  h("li", { class: number > 0 && state }, h("strong", {}, count(number)), ` ${say(`compare.count.${state}`)}`);

const treeNote = ({ kept: [places, different], counts }) => {
  const [all, differing] = [
    counts.reduce((sum, one) => sum + one, 0),
    counts.slice(1).reduce((sum, one) => sum + one, 0),
  ];
  return (
    (places < all || different < differing) &&
    h("p", { class: "note" }, say("compare.kept", { count: count(Math.max(places, different)) }))
  );
};

/** By which columns rows are matched; choosing others compares anew. `tell(summary)` says what came of it. */
function keyChoice({ columns, key }, again) {
  const chosen = new Set(key);
  const says = h("div", { role: "status" });
  const choose = (at) => (event) => {
    if (event.target.checked) chosen.add(at);
    else chosen.delete(at);
    again([...chosen].sort((one, other) => one - other));
  };
  const box = (at) => {
    const id = newId("key");
    const input = h("input", { id, type: "checkbox", checked: chosen.has(at), change: choose(at) });
    return h("span", {}, input, " ", h("label", { for: id }, columnWords(columns[at])));
  };
  const usable = columns.map((_, at) => at).filter((at) => columns[at].left >= 0 && columns[at].right >= 0);
  const boxes = h("div", { class: "row" }, usable.slice(0, MOST_KEYS).map(box));
  const element = h("fieldset", { class: "keys" }, h("legend", {}, say("compare.key")), boxes, says);
  return { element, tell: (summary) => fill(says, keyWords(summary)) };
}

const keyWords = ({ key, repeated }) => [
  h("p", { class: "quiet" }, say(key.length === 0 ? "compare.by-position" : "compare.by-key")),
  repeated > 0 && h("p", { class: "note" }, say("compare.repeated", { count: count(repeated) })),
];

/** Columns in the order in which they are shown: the key, those with changes, all others. */
function tellingFirst({ columns, key, changes }) {
  const rank = (at) => (key.includes(at) ? 0 : changes[at] > 0 ? 1 : 2);
  return columns.map((_, at) => at).sort((one, other) => rank(one) - rank(other) || one - other);
}

/** The pairs, paged; those that differ unless others are wanted. */
function pairsView({ ask, summary }) {
  const isOfRows = summary.of === "rows";
  const all = isOfRows ? summary.columns : [];
  const order = isOfRows ? tellingFirst(summary) : [];
  const asked = { which: "different", from: 0, first: 0 };
  const { place, attempt } = attempts();
  const [head, rows] = [h("tr"), h("tbody")];
  const pages = pager({ size: ROWS, of: say(`compare.${summary.of}`), show: (from) => change({ from }) });
  const across = pager({ size: COLUMNS_AT_ONCE, of: say("table.columns"), show: (first) => change({ first }) });
  const load = latest(() => attempt(shown));
  load();
  return [
    whichChoice((which) => change({ which, from: 0 })),
    all.length > COLUMNS_AT_ONCE && across.element,
    place,
    tableOf(head, rows, summary.of),
    pages.element,
  ];

  function change(wanted) {
    Object.assign(asked, wanted);
    load();
  }

  async function shown() {
    const { which, from, first } = asked;
    const columns = order.slice(first, first + COLUMNS_AT_ONCE);
    const { total, pairs } = await ask("differences", { which, from, count: ROWS, columns });
    fill(
      head,
      headsOf(
        isOfRows,
        columns.map((at) => all[at]),
      ),
    );
    fill(
      rows,
      total === 0 && h("tr", {}, h("td", { class: "quiet", colspan: columns.length + 4 }, say("compare.none"))),
      pairs.map(pairElement),
    );
    pages.at(from, total);
    across.at(first, all.length);
  }
}

function whichChoice(choose) {
  const id = newId("which");
  const options = [["different", "different"], ["all", "all"], ...STATES.map((name, state) => [state, name])];
  const change = (event) => choose(/^\d$/.test(event.target.value) ? Number(event.target.value) : event.target.value);
  const select = h(
    "select",
    { id, change },
    options.map(([value, name]) => h("option", { value }, say(`compare.which.${name}`))),
  );
  return h("p", { class: "row" }, h("label", { for: id }, say("compare.which")), select);
}

const tableOf = (head, rows, of) =>
  scrolling(
    h(
      "table",
      { class: `rows compared ${of}` },
      h("caption", { class: "unseen" }, say("compare.results")),
      h("thead", {}, head),
      rows,
    ),
    say("compare.results"),
  );

function headsOf(isOfRows, columns) {
  const head = (words, number) => h("th", { scope: "col", class: number && "number" }, words);
  if (!isOfRows) return [head(say("compare.state")), head(say("compare.place")), head(say("table.value"))];
  return [
    head(say("compare.state")),
    head(say("compare.left.row"), true),
    head(say("compare.right.row"), true),
    columns.map((column) => head(columnWords(column))),
  ];
}

function pairElement({ state, left, right, pointer, cells }) {
  const number = (row) => h("td", { class: "number quiet" }, row < 0 ? "–" : count(row + 1));
  const where =
    pointer === undefined
      ? [number(left), number(right)]
      : h("td", {}, pointer === "" ? say("compare.top") : h("code", {}, visible(pointer)));
  return h(
    "tr",
    { class: STATES[state] },
    h("td", { class: "state" }, say(`compare.state.${STATES[state]}`)),
    where,
    cells.map(sidesElement),
  );
}

/** A cell that both sides have alike, or what was and what is. */
function sidesElement({ same, from, to }) {
  if (same) return h("td", { class: same.kind === "number" && "number" }, cellContent(same));
  return h(
    "td",
    { class: from.kind === "number" && to.kind === "number" && "number" },
    h("del", {}, cellContent(from)),
    h("span", { "aria-hidden": "true" }, " → "),
    h("ins", {}, cellContent(to)),
  );
}
