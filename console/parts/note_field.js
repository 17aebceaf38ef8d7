// @ts-check
// A field for the note of a person about what they do.

/** @import { Attributes } from "../types.js" */

import { say } from "../words.js";
import { field, validationMessage } from "./field.js";

const MAX_CHARACTERS = 500;

/**
 * @param {string} label
 * @param {Attributes} [attributes]
 */
export function noteField(label, attributes) {
  const note = field(label, { autocomplete: "off", maxlength: MAX_CHARACTERS, ...attributes });
  const { input } = note;
  const { show } = validationMessage(note, () => say("note.required"));
  input.addEventListener("input", () => {
    input.setCustomValidity(isBlank() ? say("note.required") : "");
    if (input.validity.valid) show(false);
  });
  return note;

  /** Tests if a note that must be given is only blanks, which the browser takes for a value. */
  function isBlank() {
    return input.required && input.value.trim() === "";
  }
}
