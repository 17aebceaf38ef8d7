// @ts-check
// An error on a page, with the remedies that the API and the console know.

/** @import { Position, ProblemDetails, ProblemError } from "../types.js" */

import { isAbort, Refused } from "../api.js";
import { h } from "../dom.js";
import { addressOf } from "../root.js";
import { language, say } from "../words.js";
import { withCode } from "./code.js";
import { keyForm } from "./key_form.js";

/**
 * An alert about an error. `retry` is called after an API key was entered. Errors other than refusals are bugs, and are
 * logged too.
 * @param {unknown} error
 * @param {() => unknown} retry
 */
export function refusal(error, retry) {
  const problem = error instanceof Refused ? error.problem : unexpected(error);
  const { title, detail, hint, status, type = "", errors = [], position } = problem;
  const spoken = error instanceof Refused ? error.language : null;
  const [page] = /problems\/[a-z-]+$/.exec(type) ?? [];
  return h(
    "div",
    { class: "refusal", role: "alert", lang: spoken !== language && spoken },
    h("p", {}, h("strong", {}, title), status ? ` (${status})` : ""),
    detail &&
      !errors.some((each) => detail.endsWith(each.detail)) &&
      h("p", {}, withCode(withoutExcerpt(detail, position))),
    position && excerpt(position),
    errors.length > 0 &&
      h(
        "ul",
        {},
        errors.map((each) => h("li", {}, withCode(errorText(each)), each.hint && hintLine(each.hint))),
      ),
    errors.some((one) => one.position_is_exact === false) && h("p", { class: "quiet" }, say("error.place")),
    hint && errors.length === 0 && hintLine(hint),
    page &&
      h(
        "p",
        { lang: language },
        h("a", { href: addressOf(`${page}?lang=${language}`), target: "_blank", rel: "noopener" }, say("refused.more")),
      ),
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
  const position = line && (column ? say("at", { line, column }) : say("line", { line }));
  const where = position ?? pointer ?? parameter;
  return where ? `${where}: ${detail}` : detail;
}

/** @param {string} hint */
const hintLine = (hint) => h("p", { class: "hint" }, withCode(hint));

/**
 * A detail whose excerpt is shown below it.
 * @param {string} detail
 * @param {Position | null} [position]
 */
const withoutExcerpt = (detail, position) =>
  position?.excerpt ? detail.replace(`: \`${position.excerpt}\``, "") : detail;

/**
 * The text around a place in a body, with a caret under the place where that is known.
 * @param {Position} position
 */
const excerpt = ({ excerpt, excerpt_offset: before }) =>
  excerpt &&
  h(
    "pre",
    { class: "excerpt" },
    excerpt,
    typeof before === "number" && h("span", { "aria-hidden": "true" }, `\n${" ".repeat(before)}^`),
  );
