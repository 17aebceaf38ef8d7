// @ts-check
// The console's texts in the reader's language: that of the browser if it is available, otherwise English.

/** @import { NamedValues, WordArguments, WordName } from "./types.js" */

import { storedName } from "./root.js";
import { en } from "./words/en.js";
import { pt } from "./words/pt.js";

/** @typedef {keyof typeof LANGUAGES} Language */

const LANGUAGES = { en, pt };
const NAME = storedName("language");

/** The available languages by their ISO 639-1 codes. */
export const languages = /** @type {Language[]} */ (Object.keys(LANGUAGES));

/** The language of all texts from now on. */
export let language = chosenLanguage();

/** The locale of numbers and dates: the browser's variant of the language, if it has one. */
export let locale = localeOf(language);

function chosenLanguage() {
  const preferred = [sessionStorage.getItem(NAME), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return languages.find((available) => available === preferred.find(isAvailable)) ?? "en";
}

/** @param {Language} of */
function localeOf(of) {
  return navigator.languages.find((tag) => tag.startsWith(of)) ?? of;
}

/** @param {string | undefined} code */
function isAvailable(code) {
  return languages.some((available) => available === code);
}

/**
 * Choose a language for this tab. Texts that are on the page must be made again.
 * @param {string} code
 */
export function setLanguage(code) {
  sessionStorage.setItem(NAME, code);
  language = chosenLanguage();
  locale = localeOf(language);
}

/**
 * The text of that name, its placeholders `{…}` replaced by the values. A missing text is a bug.
 * @template {WordName} Name
 * @param {Name} name
 * @param {WordArguments<Name>} values
 */
export function say(name, ...values) {
  const text = textOf(name);
  if (text === undefined) throw new Error(`no words: ${name}`);
  return filled(text, values[0] ?? {});
}

/**
 * A text with its placeholders `{…}` replaced.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, placeholder) => String(values[placeholder]));

/**
 * The text for a value of the API. A value that this console does not know is shown as it is.
 * @template {keyof NamedValues} Kind
 * @param {Kind} kind
 * @param {NamedValues[Kind]} value
 * @returns {string}
 */
export const called = (kind, value) => textOf(`${kind}.${value}`) ?? value;

/**
 * The text of a name that need not exist.
 * @param {string} name
 * @returns {string | undefined}
 */
export const textOf = (name) => /** @type {Record<string, string>} */ (LANGUAGES[language])[name];
