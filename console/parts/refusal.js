// What the service refused, and what can be done about it.

import { Refused } from "../api.js";
import { h } from "../dom.js";
import { addressOf } from "../root.js";
import { called, say } from "../words.js";
import { keyForm } from "./key_form.js";

/** An alert about an error; after a key was given, `again` is called. What is not a refusal is a fault, and is thrown on. */
export function refusal(error, again) {
  const { title, detail, status, type, errors = [] } = error instanceof Refused ? error.problem : fault(error);
  const [page, name] = /problems\/([a-z-]+)$/.exec(type) ?? [];
  return h(
    "div",
    { class: "refusal", role: "alert" },
    h("p", {}, h("strong", {}, titleOf(name, title)), status ? ` (${status})` : ""),
    detail && !errors.some((one) => one.detail === detail) && h("p", {}, detail),
    errors.length > 0 &&
      h(
        "ul",
        {},
        errors.map((one) => h("li", {}, wordsOf(one))),
      ),
    errors.some((one) => one.position_is_exact === false) && h("p", { class: "quiet" }, say("error.place")),
    page && h("p", {}, h("a", { href: addressOf(page), target: "_blank", rel: "noopener" }, say("refused.more"))),
    (status === 401 || status === 403) && keyForm(again),
  );
}

function fault(error) {
  if (error.name !== "AbortError") console.error(error);
  return { title: say("refused.fault"), detail: error.message };
}

/** The problem's title in the reader's language, the API's own where the console has no words for it. */
function titleOf(name, title) {
  const words = called("problem", name);
  return words === name ? title : words;
}

/** One of a problem's errors in a line: where it is, and what. */
export function wordsOf({ detail, pointer, parameter, line, column }) {
  const where = line ? say("at", { line, column: column ?? "?" }) : (pointer ?? parameter);
  return where ? `${where}: ${detail}` : detail;
}
