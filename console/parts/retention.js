// How long a script's executions are kept, to read and to set.

import { pathOf, send } from "../api.js";
import { fill, h } from "../dom.js";
import { say } from "../words.js";
import { attempts } from "./attempt.js";
import { field } from "./field.js";

/** A form of the days that content and records are kept; an empty one leaves them to the service. */
export function retentionOf({ name, retention }) {
  const said = h("div", { role: "status" });
  const { place, attempt } = attempts();
  const days = (member) =>
    field(say(`retention.${member}`), {
      type: "number",
      min: 1,
      value: retention[member],
      placeholder: say("retention.service"),
    });
  const [content, rows] = [days("content_days"), days("rows_days")];
  const set = async () => {
    fill(said);
    const wanted = { content_days: daysIn(content), rows_days: daysIn(rows) };
    await send("PUT", pathOf(["scripts", name, "retention"]), wanted);
    fill(said, h("p", { class: "good" }, say("retention.set")));
  };
  const submit = (event) => {
    event.preventDefault();
    attempt(set);
  };
  const form = h(
    "form",
    { submit },
    h("p", { class: "quiet" }, say("retention.about")),
    h("div", { class: "row" }, content.element, rows.element),
    h("div", { class: "row" }, h("button", {}, say("retention.do"))),
    said,
    place,
  );
  return h("details", {}, h("summary", {}, say("retention")), form);
}

const daysIn = ({ input }) => (input.value === "" ? null : Number(input.value));
