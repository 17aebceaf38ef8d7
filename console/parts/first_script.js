// @ts-check
// Ways to a first script: the example in one click, an editor, a file, and a terminal.

import { Refused } from "../api.js";
import { apiKey } from "../api_key.js";
import { fill, h, newId } from "../dom.js";
import { handOver } from "../handed_file.js";
import { addressOf } from "../root.js";
import { go, href } from "../router.js";
import { tryExample } from "../try_example.js";
import { say } from "../words.js";
import { copyableText } from "./copy.js";
import { withErrorDisplay } from "./error_display.js";
import { submit } from "./submission.js";
import { SOURCE_KINDS } from "./text_file.js";

/**
 * The section that an empty list of scripts shows.
 * @param {AbortSignal} signal
 */
export function firstScript(signal) {
  const id = newId("first");
  const { button, status } = exampleButton(say("example.try"), signal, "primary");
  return h(
    "section",
    { class: "first", "aria-labelledby": id },
    h("h2", { id }, say("first")),
    h("p", {}, say("scripts.empty"), " ", say("scripts.intro")),
    h("div", { class: "row" }, button),
    h("p", { class: "quiet" }, say("example.about")),
    status,
    h(
      "div",
      { class: "row", "data-needs": "scripts:write" },
      h("a", { class: "button", href: href(["new"]) }, say("first.write")),
      fileButton(),
    ),
    h("p", {}, say("first.terminal")),
    copyableText(commands()),
  );
}

/**
 * A button that runs the example and opens the chart of its result, and an element for its progress and errors.
 * @param {string} words
 * @param {AbortSignal} signal
 * @param {string} look
 */
export function exampleButton(words, signal, look) {
  const { errorArea, attempt } = withErrorDisplay();
  const progress = h("div", { role: "status" });
  const work = async () => {
    try {
      const { id } = await tryExample((step) => fill(progress, h("p", {}, step), bar(step)), signal);
      go(["executions", id], { tab: "chart", example: "1" });
    } catch (error) {
      throw error instanceof Refused && error.problem.status === 403 ? notAllowed(error) : error;
    } finally {
      fill(progress);
    }
  };
  /** @type {HTMLButtonElement} */
  const button = h(
    "button",
    { type: "button", class: look, "data-needs": "scripts:write", click: () => attempt(() => submit(button, work)) },
    words,
  );
  return { button, status: h("div", {}, progress, errorArea) };
}

/** @param {string} words */
const bar = (words) => h("progress", { "aria-label": words });

/**
 * The refusal of a key without the scope, with the ways that are left.
 * @param {Refused} refused
 */
const notAllowed = ({ problem, language }) =>
  new Refused({ ...problem, detail: [problem.detail, say("example.not-allowed")].filter(Boolean).join(" ") }, language);

/** A button that chooses a source for the form of a new script. */
function fileButton() {
  const choose = () => {
    const [file] = input.files ?? [];
    if (!file) return;
    handOver(file);
    go(["new"]);
  };
  /** @type {HTMLInputElement} */
  const input = h("input", {
    type: "file",
    accept: SOURCE_KINDS,
    hidden: true,
    change: choose,
    "aria-label": say("first.file"),
  });
  return [input, h("button", { type: "button", click: () => input.click() }, say("first.file"))];
}

/** Commands that create a script and run it, with the address of this service. */
function commands() {
  const at = addressOf("v1/scripts");
  const curl = apiKey() ? 'curl -sS -H "Authorization: Bearer $KEY"' : "curl -sS";
  return [
    `${curl} '${at}?name=count-rows' -H 'Content-Type: text/javascript' --data-binary 'function process(rows) { return rows.length; }'`,
    `${curl} '${at}/count-rows/executions' -H 'Content-Type: application/json' -H 'Prefer: wait=10' --data-binary '[{"a": 1}, {"a": 2}]'`,
  ].join("\n");
}
