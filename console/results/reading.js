// Fetches a result and reads it.

/** A result that is not to be had. The reason is `{status, problem}`; a status of 0 is no answer at all. */
export class NotRead extends Error {
  constructor(reason) {
    super("not read");
    this.reason = reason;
  }
}

const TELL_EVERY_BYTES = 1 << 19;

/** The value at a path of the API, and a Blob of the bytes that it answered. `tell` hears how many have come. */
export async function readResult(href, headers, tell) {
  const blob = await fetched(href, headers, tell);
  const bytes = await blob.arrayBuffer();
  return { blob, value: JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) };
}

async function fetched(href, headers, tell) {
  try {
    const answer = await fetch(href, { headers });
    if (!answer.ok) throw new NotRead({ status: answer.status, problem: await problemOf(answer) });
    return await collected(answer.body.getReader(), tell);
  } catch (error) {
    throw error instanceof TypeError ? new NotRead({ status: 0 }) : error;
  }
}

const problemOf = (answer) =>
  (answer.headers.get("Content-Type") ?? "").includes("json") ? answer.json() : Promise.resolve(undefined);

async function collected(reader, tell) {
  const parts = [];
  let [bytes, told] = [0, 0];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    bytes += part.value.length;
    if (bytes - told < TELL_EVERY_BYTES) continue;
    told = bytes;
    tell(bytes);
  }
  return new Blob(parts, { type: "application/json" });
}
