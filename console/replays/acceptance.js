// @ts-check
// The acceptance of a replay's differences by a person, with a note.

/** @import { Content, VersionReplay } from "../types.js" */

import { pathOf, send } from "../api.js";
import { h } from "../dom.js";
import { timestamp } from "../formats.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { noteField } from "../parts/note_field.js";
import { notifyNext } from "../parts/notices.js";
import { submit as submitWith } from "../parts/submission.js";
import { visible } from "../results/visible.js";
import { reload } from "../router.js";
import { say } from "../words.js";

/**
 * The acceptance, or a form for it where there are differences to accept.
 * @param {string[]} path The path of the replay.
 * @param {VersionReplay} replay
 * @returns {Content}
 */
export function acceptanceOf(path, { acceptance, has_differences: hasDifferences }) {
  if (acceptance) return accepted(acceptance);
  return hasDifferences && form(path);
}

/** @param {NonNullable<VersionReplay["acceptance"]>} acceptance */
const accepted = ({ at, by, note }) =>
  h(
    "div",
    { class: "note" },
    h(
      "p",
      {},
      h(
        "strong",
        {},
        by ? say("replay.accepted-by", { at: timestamp(at), by }) : say("replay.accepted", { at: timestamp(at) }),
      ),
    ),
    h("p", {}, visible(note)),
  );

/** @param {string[]} path */
function form(path) {
  const { errorArea, attempt } = withErrorDisplay();
  const note = noteField(say("replay.accept.note"), { required: true });
  const accept = async () => {
    await send("POST", pathOf([...path, "acceptance"]), { note: note.input.value.trim() });
    notifyNext(() => say("replay.accept.done"));
    reload();
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    attempt(() => submitWith(button, accept));
  };
  const button = h("button", { class: "primary", "data-needs": "scripts:write" }, say("replay.accept.do"));
  return h(
    "form",
    { submit, class: "acceptance" },
    h("p", { class: "quiet" }, say("replay.accept.about")),
    note.element,
    errorArea,
    h("div", { class: "row" }, button),
  );
}
