// @ts-check
// The changes between two versions of a script: of the source, the engine and the limits.

/** @import { Content, Script, Version, View, ViewContext } from "../types.js" */

import { get, pathOf } from "../api.js";
import { h } from "../dom.js";
import { duration, size } from "../formats.js";
import { field } from "../parts/field.js";
import { versionFacts } from "../parts/version_facts.js";
import { go, href } from "../router.js";
import { readVersion, sourceChanges } from "../versions/source_changes.js";
import { say } from "../words.js";

/**
 * @param {ViewContext<"script">} context
 * @returns {Promise<View>}
 */
export async function view({ script: named, query, signal }) {
  /** @type {Script} */
  const { name, latest_version: latest } = await get(pathOf(["scripts", named]), { signal });
  const number = query.version ?? String(latest);
  const against = query.against ?? String(Math.max(Number(number) - 1, 1));
  const [before, after] = await Promise.all([against, number].map((each) => readVersion(name, each, signal)));
  const body = [
    h("p", {}, h("a", { href: href(["scripts", name], { version: after.number }) }, name)),
    choiceOf(name, { before: before.number, after: after.number, latest }),
    h("h2", {}, say("changes.version", after)),
    versionFacts(after),
    settingsOf(before, after),
    h("h2", {}, say("source")),
    await sourceChanges(name, before, after, signal),
  ];
  return { title: say("changes.of", { name }), body };
}

/**
 * A form that shows the changes between two other versions.
 * @param {string} name
 * @param {{ before: number, after: number, latest: number }} numbers
 */
function choiceOf(name, { before, after, latest }) {
  /** @type {(label: string, value: number) => ReturnType<typeof field>} */
  const version = (label, value) => field(label, { type: "number", min: 1, max: latest, required: true, value });
  const [from, to] = [version(say("changes.before"), before), version(say("changes.after"), after)];
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    go(["scripts", name, "changes"], { against: from.input.value, version: to.input.value });
  };
  return h(
    "form",
    { class: "row versions", submit },
    from.element,
    to.element,
    h("button", { class: "primary" }, say("changes.show")),
  );
}

/**
 * The changes of engine and limits, if there are any.
 * @param {Version} before
 * @param {Version} after
 * @returns {Content}
 */
function settingsOf(before, after) {
  const [old, now] = [before, after].map(settings);
  const changed = old.map(([name, value], index) => ({ name, before: value, after: now[index][1] }));
  const items = changed.filter((one) => one.before !== one.after).map((one) => h("li", {}, say("changes.set", one)));
  return items.length > 0 && [h("h2", {}, say("changes.settings")), h("ul", {}, items)];
}

/**
 * @param {Version} version
 * @returns {[name: string, value: string][]}
 */
const settings = ({ engine, limits: { wall_ms, memory_bytes, result_bytes, log_bytes } }) => [
  [say("engine"), engine],
  [say("limits.wall_ms"), duration(wall_ms)],
  [say("limits.memory_bytes"), size(memory_bytes)],
  [say("limits.result_bytes"), size(result_bytes)],
  [say("limits.log_bytes"), size(log_bytes)],
];
