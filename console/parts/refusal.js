// @ts-check
// An error on a page, with the remedies that the console knows.

/** @import { ProblemDetails, ProblemError } from "../types.js" */

import { isAbort, Refused } from "../api.js";
import { h } from "../dom.js";
import { addressOf } from "../root.js";
import { problemTitle, say } from "../words.js";
import { keyForm } from "./key_form.js";

/**
 * An alert about an error. `retry` is called after an API key was entered. Errors other than refusals are bugs, and are
 * logged too.
 * @param {unknown} error
 * @param {() => unknown} retry
 */
export function refusal(error, retry) {
  const {
    title,
    detail,
    status,
    type = "",
    errors = [],
  } = error instanceof Refused ? error.problem : unexpected(error);
  const [page, slug] = /problems\/([a-z-]+)$/.exec(type) ?? [];
  return h(
    "div",
    { class: "refusal", role: "alert" },
    h("p", {}, h("strong", {}, (slug && problemTitle(slug)) ?? title), status ? ` (${status})` : ""),
    detail && !errors.some((each) => each.detail === detail) && h("p", {}, detail),
    errors.length > 0 &&
      h(
        "ul",
        {},
        errors.map((each) => h("li", {}, errorText(each))),
      ),
    errors.some((one) => one.position_is_exact === false) && h("p", { class: "quiet" }, say("error.place")),
    page && h("p", {}, h("a", { href: addressOf(page), target: "_blank", rel: "noopener" }, say("refused.more"))),
    (status === 401 || status === 403) && keyForm(retry),
  );
}

/**
 * @param {unknown} error
 * @returns {ProblemDetails}
 */
function unexpected(error) {
  if (!isAbort(error)) console.error(error);
  return { title: say("refused.fault"), detail: error instanceof Error ? error.message : String(error) };
}

/**
 * One error of a problem in a line: its position and its detail.
 * @param {ProblemError} error
 */
export function errorText({ detail, pointer, parameter, line, column }) {
  const where = line ? say("at", { line, column: column ?? "?" }) : (pointer ?? parameter);
  return where ? `${where}: ${detail}` : detail;
}
