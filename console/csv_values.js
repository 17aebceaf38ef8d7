// @ts-check
// The rows of a CSV as JSON: names of columns, and values.

/** @import { Fields } from "./csv_reader.js" */

const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * The number that a text is, if the number gives the same digits again; otherwise null. So 007, 1e5, 9007199254740993
 * and -0 stay texts.
 * @param {string} text
 * @param {boolean} decimalComma
 */
export function numberIn(text, decimalComma) {
  const dotted = decimalComma ? text.replaceAll(".", "x").replace(",", ".") : text;
  if (!PLAIN_NUMBER.test(dotted)) return null;
  const number = Number(dotted);
  return String(number) === (dotted.includes(".") ? dotted.replace(/\.?0+$/, "") : dotted) ? number : null;
}

/**
 * The names of columns: those of the header, made unique, or `column_1` and so on where there is none.
 * @param {Fields} first The first row.
 * @param {boolean} hasHeader
 */
export function columnNames(first, hasHeader) {
  const names = new Set();
  first.forEach((field, at) => {
    const name = (hasHeader && field) || `column_${at + 1}`;
    let unique = name;
    for (let number = 2; names.has(unique); number += 1) unique = `${name}_${number}`;
    names.add(unique);
  });
  return /** @type {string[]} */ ([...names]);
}

/**
 * Notes of each column if all its values are numbers. A column with a single other value is one of texts, so that no
 * column has both: of 01234 and 56789, neither becomes a number.
 * @param {number} width
 * @param {boolean} decimalComma
 */
export function numericColumns(width, decimalComma) {
  const seen = Array.from({ length: width }, () => ({ numbers: false, texts: false }));
  /** @param {Fields} row */
  const add = (row) =>
    row.forEach((field, at) => {
      const column = seen[at];
      if (field === null || field === "" || column.texts) return;
      if (numberIn(field, decimalComma) === null) column.texts = true;
      else column.numbers = true;
    });
  return { add, found: () => seen.map(({ numbers, texts }) => numbers && !texts) };
}

/**
 * The value of a field. Nothing is null; so is an empty text among numbers.
 * @param {string | null} field
 * @param {boolean} isNumeric
 * @param {boolean} decimalComma
 */
export function fieldValue(field, isNumeric, decimalComma) {
  if (field === null || (isNumeric && field === "")) return null;
  return isNumeric ? numberIn(field, decimalComma) : field;
}

/**
 * A function that writes rows as JSON objects.
 * @param {string[]} names
 * @param {boolean[]} numeric
 * @param {boolean} decimalComma
 */
export function rowWriter(names, numeric, decimalComma) {
  const heads = names.map((name, at) => `${at === 0 ? "{" : ","}${JSON.stringify(name)}:`);
  /** @param {Fields} row */
  return (row) => {
    let text = "";
    for (let at = 0; at < heads.length; at += 1)
      text += heads[at] + JSON.stringify(fieldValue(row[at], numeric[at], decimalComma));
    return `${text}}`;
  };
}
