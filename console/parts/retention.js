// @ts-check
// The retention of a script's executions: a form that shows and changes it.

/** @import { Field, Script } from "../types.js" */

import { pathOf, send } from "../api.js";
import { fill, h } from "../dom.js";
import { say } from "../words.js";
import { withErrorDisplay } from "./error_display.js";
import { field } from "./field.js";
import { submit as submitWith } from "./submission.js";

/**
 * A form of the days for content and records. An empty field inherits the default of the service.
 * @param {Script} script
 */
export function retentionOf({ name, retention }) {
  const status = h("div", { role: "status" });
  const { errorArea, attempt } = withErrorDisplay();
  /** @param {"content_days" | "rows_days"} member */
  const days = (member) =>
    field(say(`retention.${member}`), {
      type: "number",
      min: 1,
      value: retention[member],
      placeholder: say("retention.service"),
    });
  const [content, rows] = [days("content_days"), days("rows_days")];
  const save = async () => {
    fill(status);
    const wanted = { content_days: daysIn(content), rows_days: daysIn(rows) };
    await send("PUT", pathOf(["scripts", name, "retention"]), wanted);
    fill(status, h("p", { class: "note" }, say("retention.set", { name })));
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    attempt(() => submitWith(button, save));
  };
  const button = h("button", { "data-needs": "admin" }, say("retention.do"));
  const form = h(
    "form",
    { submit },
    h("p", { class: "quiet" }, say("retention.about")),
    h("div", { class: "row" }, content.element, rows.element),
    h("div", { class: "row" }, button),
    status,
    errorArea,
  );
  return h("details", {}, h("summary", {}, say("retention")), form);
}

/** @param {Field} field */
const daysIn = ({ input }) => (input.value === "" ? null : Number(input.value));
