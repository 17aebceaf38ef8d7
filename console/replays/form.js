// @ts-check
// The form that replays past executions on a version.

/** @import { Field, VersionReplay, Script } from "../types.js" */

import { pathOf, send } from "../api.js";
import { counted } from "../counts.js";
import { h, newId } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { field } from "../parts/field.js";
import { momentField } from "../parts/moment_field.js";
import { submit as submitWith } from "../parts/submission.js";
import { versionChoice } from "../parts/version_choice.js";
import { go } from "../router.js";
import { say } from "../words.js";
import { replayRequest } from "./request.js";

const DEFAULT_LAST = 50;
const MAX_LAST = 1_000;

/**
 * @param {object} options
 * @param {Script} options.script
 * @param {string} options.version
 * @param {string[]} options.chosen The ids of the executions that the reader has chosen.
 * @param {string} [options.last] The number of executions at first.
 * @param {(version: string) => unknown} options.onVersion Called when another version is chosen.
 */
export function replayForm({ script, version, chosen, last = String(DEFAULT_LAST), onVersion }) {
  const { errorArea, attempt } = withErrorDisplay();
  const on = versionChoice(say("replay.on"), script.latest_version, { selected: version, choose: onVersion });
  const number = field(say("replay.last"), { type: "number", min: 1, max: MAX_LAST, required: true, value: last });
  const since = momentField(say("replay.since"));
  const of = field(say("replay.of-version"), {
    type: "number",
    min: 1,
    max: script.latest_version,
    placeholder: say("replay.any-version"),
  });
  const key = field(say("compare.key"), {
    autocomplete: "off",
    spellcheck: "false",
    placeholder: say("replay.key.proposed"),
  });
  const tolerance = { type: "number", min: 0, step: "any", placeholder: "0" };
  const absolute = field(say("compare.tolerance"), tolerance);
  const relative = field(say("replay.tolerance.relative"), tolerance);
  const selection = chosen.length > 0 ? null : lastFields([number, since, of]);
  const start = async () => {
    const request = replayRequest({
      executions: chosen,
      last: number.input.value,
      since: since.timestamp() ?? "",
      ofVersion: of.input.value,
      key: key.input.value,
      absolute: absolute.input.value,
      relative: relative.input.value,
    });
    const path = pathOf(["scripts", script.name, "versions", on.input.value, "replays"]);
    /** @type {VersionReplay} */
    const { id, version: number_ } = await send("POST", path, request);
    go(["scripts", script.name, "replays", number_, id]);
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    attempt(() => submitWith(button, start));
  };
  const button = h("button", { class: "primary", "data-needs": "executions:write" }, say("replay.start"));
  return h(
    "form",
    { submit, class: "replay-form" },
    h("div", { class: "grid" }, on.element),
    selection ?? h("p", { class: "note" }, counted("replay.chosen", chosen.length)),
    h(
      "details",
      {},
      h("summary", {}, say("replay.comparison")),
      described(key, say("replay.key.about")),
      h("div", { class: "grid" }, absolute.element, relative.element),
    ),
    errorArea,
    h("div", { class: "row" }, button, h("span", { class: "quiet" }, say("replay.about-order"))),
  );
}

/** @param {Field[]} fields */
const lastFields = (fields) =>
  h(
    "fieldset",
    {},
    h("legend", {}, say("replay.which")),
    h(
      "div",
      { class: "grid" },
      fields.map(({ element }) => element),
    ),
  );

/**
 * A field with a description below it.
 * @param {Field} labelled
 * @param {string} words
 */
function described({ element, input }, words) {
  const about = h("p", { class: "quiet", id: newId("about") }, words);
  input.setAttribute("aria-describedby", about.id);
  element.append(about);
  return element;
}
