// @ts-check
// The field for the name of a new script or test. It checks the name before it is sent.

import { h } from "../dom.js";
import { EXAMPLE_NAME } from "../example.js";
import { say } from "../words.js";
import { field, validationMessage } from "./field.js";

const MAX_LENGTH = 63;
const PATTERN = `[a-z0-9][a-z0-9\\-]{0,${MAX_LENGTH - 1}}`;

/**
 * The field; `check` shows whether its name is valid.
 * @param {string} [example]
 */
export function nameField(example = EXAMPLE_NAME) {
  const { element, input } = field(say("script.called"), {
    required: true,
    pattern: PATTERN,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: example,
    input: () => check(), // every beginning of a valid name is valid
  });
  const { show } = validationMessage({ element, input }, () => advice(input.value));
  return { element, input, check };

  /** Show whether the name is valid. Without a name, that is asked for only when it is sent. */
  function check() {
    const isValid = input.validity.valid || input.value === "";
    show(!isValid && advice(input.value));
  }
}

/** @param {string} name */
function advice(name) {
  const similar = nameLike(name);
  return [say("script.name-rule"), similar && [" ", say("script.name-try"), " ", h("code", {}, similar)]];
}

/**
 * A valid script name that resembles a text; empty if there is none.
 * @param {string} text
 */
const nameLike = (text) =>
  text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, MAX_LENGTH)
    .replace(/-+$/, "");

/**
 * A valid script name that resembles the name of a file.
 * @param {string} file
 */
export const nameFrom = (file) => nameLike(file.replace(/\.[^.]*$/, ""));
