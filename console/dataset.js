// @ts-check
// The media type and content coding of a dataset, from its file name or text. The service validates the content.

const LINES = /\.(ndjson|jsonl)$/i;
/** @type {[RegExp, string][]} */
const CODINGS = [
  [/\.gz$/i, "gzip"],
  [/\.zst$/i, "zstd"],
];

/** @param {string} name */
export const isCompressed = (name) => CODINGS.some(([pattern]) => pattern.test(name));

/**
 * The headers for a file of this name.
 * @param {string} name
 * @returns {Record<string, string>}
 */
export function headersOfFile(name) {
  const [, coding] = CODINGS.find(([pattern]) => pattern.test(name)) ?? [];
  const bare = name.replace(/\.(gz|zst)$/i, "");
  return {
    "Content-Type": LINES.test(bare) ? "application/x-ndjson" : "application/json",
    ...(coding ? { "Content-Encoding": coding } : {}),
  };
}

/**
 * The headers for a text. It is NDJSON if its first two lines are JSON values.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function headersOfText(text) {
  const [first, second] = text
    .slice(0, 1_000_000)
    .split("\n")
    .filter((line) => line.trim());
  const isLines = second !== undefined && isJson(first) && isJson(second);
  return { "Content-Type": isLines ? "application/x-ndjson" : "application/json" };
}

/**
 * Tests if a text is JSON.
 * @param {string} text
 */
export function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
