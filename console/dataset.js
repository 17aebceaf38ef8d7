// What a dataset is sent as, by its file's name or its text. The service looks at it; this only names it.

const LINES = /\.(ndjson|jsonl)$/i;
const CODINGS = [
  [/\.gz$/i, "gzip"],
  [/\.zst$/i, "zstd"],
];

/** The headers for a file of this name. */
export function headersOfFile(name) {
  const [, coding] = CODINGS.find(([pattern]) => pattern.test(name)) ?? [];
  const bare = name.replace(/\.(gz|zst)$/i, "");
  return {
    "Content-Type": LINES.test(bare) ? "application/x-ndjson" : "application/json",
    ...(coding ? { "Content-Encoding": coding } : {}),
  };
}

/** The headers for a text: it has lines of JSON if its first two lines are JSON, each for itself. */
export function headersOfText(text) {
  const [first, second] = text
    .slice(0, 1_000_000)
    .split("\n")
    .filter((line) => line.trim());
  const isLines = second !== undefined && isJson(first) && isJson(second);
  return { "Content-Type": isLines ? "application/x-ndjson" : "application/json" };
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
