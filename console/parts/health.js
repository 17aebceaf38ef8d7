// @ts-check
// The health of the service: a dot in the header, and a line below it if something is wrong.

/** @import { Section } from "../guide.js" */
/** @import { Readiness } from "../types.js" */

import { get } from "../api.js";
import { fill, h, visuallyHidden } from "../dom.js";
import { operateAddress } from "../guide.js";
import { addressOf } from "../root.js";
import { href } from "../router.js";
import { say } from "../words.js";

const CHECK_MS = 15_000;

/** @typedef {{ words: string, section?: Section }} Trouble */

/**
 * The dot, which leads to the status of the service if the reader may see it, and the line. The service is asked regularly
 * while the tab is visible.
 */
export function health() {
  const link = h("a", { class: "health", href: href(["status"]), "data-needs": "admin" });
  const plain = h("span", { class: "health", role: "img", "data-lacks": "admin" });
  const line = h("div", { class: "trouble", role: "status" });
  /** @type {Trouble | null | undefined} The problem, null without one; unknown before the first answer. */
  let problem;
  const label = () => {
    const words = problem === undefined ? say("health") : (problem?.words ?? say("health.good"));
    for (const dot of [link, plain]) {
      dot.className = problem === undefined ? "health" : `health ${problem ? "bad" : "good"}`;
      dot.title = words;
    }
    plain.setAttribute("aria-label", words);
    fill(link, h("span", { class: "dot" }), visuallyHidden(words));
    fill(plain, h("span", { class: "dot" }));
    const message = problem ? h("p", { class: "bad" }, problem.words, remedyOf(problem)) : null;
    if (!(message ? line.firstChild?.isEqualNode(message) : line.childNodes.length === 0)) fill(line, message);
  };
  const check = async () => {
    if (document.hidden) return;
    problem = await problemOf();
    label();
  };
  setInterval(check, CHECK_MS);
  label();
  return { dot: [link, plain], line, label: check };
}

/**
 * A link to the section of the guide that solves the problem, if the service can show it.
 * @param {Trouble} trouble
 */
const remedyOf = ({ section }) => section && [" ", h("a", { href: operateAddress(section) }, say("service.solve"))];

/** @returns {Promise<Trouble | null>} */
async function problemOf() {
  try {
    /** @type {Readiness} */
    const { ready, trouble, workers } = await get(addressOf("health/ready"), { fine: [503] });
    if (!ready) return { words: trouble ?? "", section: "ready" };
    return workers ? null : { words: say("health.no-worker"), section: "workers" };
  } catch (error) {
    return { words: error instanceof Error ? error.message : String(error) };
  }
}
