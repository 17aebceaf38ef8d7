// @ts-check
// The restoration of a former version: a button, and the confirmation with a note that it asks for.

/** @import { Version } from "../types.js" */

import { pathOf, send } from "../api.js";
import { fill, h } from "../dom.js";
import { go, href, reload } from "../router.js";
import { say } from "../words.js";
import { withErrorDisplay } from "./error_display.js";
import { field } from "./field.js";
import { notifyNext } from "./notices.js";
import { submit as submitWith } from "./submission.js";

const MAX_NOTE = 500;

/**
 * @param {string} name
 * @param {number} number
 */
export function restoration(name, number) {
  const { errorArea, attempt } = withErrorDisplay();
  const place = h("div");
  const confirm = () => {
    const note = field(say("version.note"), { value: say("restore.note", { number }), maxlength: MAX_NOTE });
    const restore = async () => {
      const path = pathOf(["scripts", name, "versions", number, "restoration"]);
      /** @type {Version} */
      const made = await send("POST", path, { note: note.input.value });
      notifyNext(() => say("restore.done", { name, number: made.number, from: number }));
      if (location.hash === href(["scripts", name])) reload();
      else go(["scripts", name]);
    };
    /** @param {SubmitEvent} event */
    const submit = (event) => {
      event.preventDefault();
      attempt(() => submitWith(yes, restore));
    };
    const yes = h("button", { class: "primary" }, say("restore.yes"));
    const no = h("button", { type: "button", click: leave }, say("restore.no"));
    const question = h("p", {}, say("restore.sure", { number }));
    fill(place, h("form", { class: "note", submit }, question, note.element, h("div", { class: "row" }, yes, no)));
    note.input.focus();
  };
  const leave = () => {
    fill(place);
    button.focus();
  };
  const button = h(
    "button",
    { type: "button", "data-needs": "scripts:write", click: confirm },
    say("restore.do", { number }),
  );
  return { button, confirmation: [place, errorArea] };
}
