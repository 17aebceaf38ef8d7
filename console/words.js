// The console's words in the reader's language: the browser's if there are words in it, English otherwise.

import { storedName } from "./root.js";
import { en } from "./words/en.js";
import { pt } from "./words/pt.js";

const LANGUAGES = { en, pt };
const NAME = storedName("language");

/** The languages that there are, by what the browser calls them. */
export const languages = Object.keys(LANGUAGES);

const chosen = sessionStorage.getItem(NAME);
const wanted = [chosen, ...navigator.languages].map((one) => one?.slice(0, 2));

export const language = wanted.find((one) => one in LANGUAGES) ?? "en";

/** How numbers and dates are written: as the browser's own kind of the language does it, if it is the language. */
export const locale = navigator.languages.find((one) => one.startsWith(language)) ?? language;

/** Keep a language for this tab, and begin anew with it. */
export function speak(other) {
  sessionStorage.setItem(NAME, other);
  location.reload();
}

/** The words of that name, `{…}` in them replaced by the values. A name without words is a fault of the console. */
export function say(name, values = {}) {
  const words = LANGUAGES[language][name];
  if (words === undefined) throw new Error(`no words: ${name}`);
  return words.replace(/\{(\w+)\}/g, (_, value) => values[value]);
}

/** The words for a value of the API's; a value that this console does not know stands for itself. */
export const called = (kind, value) => LANGUAGES[language][`${kind}.${value}`] ?? value;
