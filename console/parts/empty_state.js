// @ts-check
// What a list shows in place of no rows: what it is for, and the next step.

/** @import { Content } from "../types.js" */

import { h } from "../dom.js";
import { href } from "../router.js";
import { say } from "../words.js";

/**
 * @param {string} title
 * @param {string} [about]
 * @param {Content} [action]
 */
export const emptyState = (title, about, action) =>
  h(
    "div",
    { class: "nothing", role: "status" },
    h("h2", {}, title),
    about && h("p", {}, about),
    action && h("p", {}, action),
  );

/** The way to a script, where runs, batches and jobs begin. */
export const toScripts = () =>
  h("a", { class: "button primary", "data-needs": "executions:write", href: href(["scripts"]) }, say("empty.scripts"));
