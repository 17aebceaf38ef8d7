// @ts-check
// Fields for the outcome that a test expects: a result, exactly, within a tolerance or as a subset; or an error.

/** @import { Entered, ErrorKind, RunError } from "../types.js" */

import { h, newId } from "../dom.js";
import { checkedJson } from "../sample.js";
import { called, say } from "../words.js";
import { choice, field } from "./field.js";

/** @type {ErrorKind[]} */
const KINDS = ["script_error", "invalid_result", "timeout", "memory_limit", "output_limit", "sandbox_violation"];

/**
 * The fields; `text()` is the JSON of what they expect. `read` and `write` are for a draft.
 */
export function expectedFields() {
  const id = newId("expected");
  const result = h("textarea", { id, spellcheck: "false" });
  const tolerance = toleranceFields();
  const kind = choice(
    say("test.error-kind"),
    KINDS.map((one) => /** @type {const} */ ([one, called("error", one)])),
  );
  const message = field(say("test.message"), { autocomplete: "off", placeholder: say("test.message.any") });
  const ofResult = h(
    "div",
    {},
    h("div", { class: "field" }, h("label", { for: id }, say("test.result")), result),
    tolerance.element,
  );
  const ofError = h("div", { class: "grid" }, kind.element, message.element);
  const outcome = choice(
    say("test.outcome"),
    [
      ["result", say("test.kind.result")],
      ["error", say("test.kind.error")],
    ],
    { choose: update },
  );
  update();
  const element = h("div", { class: "expected" }, outcome.element, ofResult, ofError);
  return { element, text, read, write, setResult, setError };

  function update() {
    ofResult.hidden = outcome.input.value !== "result";
    ofError.hidden = !ofResult.hidden;
  }

  function text() {
    if (outcome.input.value === "result") {
      const { length } = tolerance.text();
      const others = length > 2 ? `,${tolerance.text().slice(1)}` : "}";
      return `{"result":${checkedJson(result.value, "test.not-json")}${others}`;
    }
    return JSON.stringify({ error: { kind: kind.input.value, message: message.input.value || undefined } });
  }

  /** @param {string} json */
  function setResult(json) {
    outcome.input.value = "result";
    result.value = json;
    update();
  }

  /** @param {Pick<RunError, "kind"> & { message?: string | null }} error */
  function setError(error) {
    outcome.input.value = "error";
    kind.input.value = error.kind;
    message.input.value = error.message ?? "";
    update();
  }

  /** @returns {Entered} */
  function read() {
    return {
      outcome: outcome.input.value,
      result: result.value,
      kind: kind.input.value,
      message: message.input.value,
      ...tolerance.read(),
    };
  }

  /** @param {Entered} entered */
  function write(entered) {
    outcome.input.value = String(entered.outcome || "result");
    result.value = String(entered.result ?? "");
    kind.input.value = String(entered.kind || KINDS[0]);
    message.input.value = String(entered.message ?? "");
    tolerance.write(entered);
    update();
  }
}

/** Fields for the tolerance of numbers, and for a result that may have more than is expected. */
export function toleranceFields() {
  const number = { type: "number", min: 0, step: "any", placeholder: "0" };
  const absolute = field(say("test.absolute"), number);
  const relative = field(say("test.relative"), number);
  const id = newId("subset");
  const subset = h("input", { id, type: "checkbox" });
  const element = h(
    "div",
    { class: "tolerance" },
    h("div", { class: "grid" }, absolute.element, relative.element),
    h("div", { class: "row" }, subset, h("label", { for: id }, say("test.subset"))),
  );
  return { element, text, read, write };

  /** The members of the request, as a JSON object; those at their defaults are left out. */
  function text() {
    const [at, by] = [absolute, relative].map(({ input }) => Number(input.value) || undefined);
    return JSON.stringify({
      tolerance: at || by ? { absolute: at, relative: by } : undefined,
      subset: subset.checked || undefined,
    });
  }

  /** @returns {Entered} */
  function read() {
    return {
      absolute: absolute.input.value,
      relative: relative.input.value,
      subset: subset.checked ? "true" : "",
    };
  }

  /** @param {Entered} entered */
  function write(entered) {
    absolute.input.value = String(entered.absolute ?? "");
    relative.input.value = String(entered.relative ?? "");
    subset.checked = Boolean(entered.subset);
  }
}
