// @ts-check
// The retention of a script's executions: a form that shows and changes it.

/** @import { Script } from "../types.js" */

import { pathOf, send } from "../api.js";
import { fill, h } from "../dom.js";
import { say } from "../words.js";
import { withErrorDisplay } from "./error_display.js";
import { retentionField } from "./retention_field.js";
import { submit as submitWith } from "./submission.js";

/**
 * A form of the times for content and records. An empty field inherits the default of the service.
 * @param {Script} script
 */
export function retentionOf({ name, retention }) {
  const status = h("div", { role: "status" });
  const { errorArea, attempt } = withErrorDisplay();
  const content = retentionField(say("retention.content_days"), retention.content_days);
  const rows = retentionField(say("retention.rows_days"), retention.rows_days);
  const save = async () => {
    fill(status);
    const wanted = { content_days: content.days(), rows_days: rows.days() };
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
    h("div", { class: "grid" }, content.element, rows.element),
    h("div", { class: "row" }, button),
    status,
    errorArea,
  );
  return h("details", {}, h("summary", {}, say("retention")), form);
}
