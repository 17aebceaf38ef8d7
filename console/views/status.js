// @ts-check
// The status of the service for its operator: problems first, then its workers, its storage and its keys.

/** @import { Content, Status, View, ViewContext } from "../types.js" */
/** @import { Problem } from "../status/problems.js" */
/** @import { Refused } from "../api.js" */

import { get, pathOf } from "../api.js";
import { fill, h } from "../dom.js";
import { clock } from "../formats.js";
import { operateAddress } from "../guide.js";
import { repeat } from "../repeat.js";
import { problemsOf } from "../status/problems.js";
import { facts, keyTable, scriptTable, workerTable } from "../status/sections.js";
import { say } from "../words.js";

const REFRESH_MS = 10_000;

/**
 * @param {ViewContext} context
 * @returns {Promise<View>}
 */
export async function view({ signal }) {
  const problems = part((status) => problemList(problemsOf(status)));
  problems.element.setAttribute("role", "status");
  const parts = [
    problems,
    part(facts),
    part(({ workers }) => section("service.workers", workerTable(workers))),
    part(({ storage }) => section("service.storage", scriptTable(storage))),
    part(({ expiring_keys: keys }) => section("service.expiring", keyTable(keys))),
  ];
  const age = h("p", { class: "quiet" });
  const lostArea = h("p", { class: "bad", role: "status" });
  const look = async () => {
    /** @type {Status} */
    const status = await get(pathOf(["status"]), { signal });
    for (const each of parts) each.show(status);
    fill(age, say("service.as-of", { time: clock(status.at) }));
    fill(lostArea);
  };
  await look();
  /** @param {Refused} error */
  const refused = ({ problem }) => fill(lostArea, say("service.stale", { reason: problem.title }));
  repeat(look, { ms: REFRESH_MS, refused, signal });
  return { title: say("service"), body: [lostArea, age, parts.map(({ element }) => element)] };
}

/**
 * A part of the page that is made again only where it has changed, so that a reader keeps the focus and the selection.
 * @param {(status: Status) => HTMLElement} make
 */
function part(make) {
  const element = h("div");
  /** @param {Status} status */
  const show = (status) => {
    const made = make(status);
    if (!element.firstChild?.isEqualNode(made)) fill(element, made);
  };
  return { element, show };
}

/**
 * @param {"service.workers" | "service.storage" | "service.expiring"} words
 * @param {Content} content
 */
const section = (words, content) => h("section", {}, h("h2", {}, say(words)), content);

/** @param {Problem[]} problems */
function problemList(problems) {
  if (problems.length === 0) return h("p", {}, say("service.good"));
  return h(
    "ul",
    { class: "problems" },
    problems.map(({ text, remedy, section: place, link }) =>
      h(
        "li",
        { class: "note" },
        h("strong", {}, text),
        h("br"),
        remedy,
        " ",
        link && [h("a", { href: link.href }, link.words), " · "],
        h("a", { href: operateAddress(place) }, say("service.solve")),
      ),
    ),
  );
}
