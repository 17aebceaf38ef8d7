// @ts-check
// Programs that run the stored dataset of an execution again, on the same version, from outside the console.

/** @import { Execution } from "../types.js" */

const REFERENCE = "application/vnd.bateia.reference+json";
const WAIT = "wait=30";

/**
 * @typedef {object} Request
 * @property {string} url
 * @property {boolean} hasKey Whether the service needs an API key. The text never has the key itself.
 */

/**
 * A command for a POSIX shell.
 * @param {Pick<Execution, "id">} execution
 * @param {Request} request
 */
export const curlCommand = ({ id }, { url, hasKey }) =>
  [
    "curl --fail-with-body --request POST",
    ...(hasKey ? ['--header "Authorization: Bearer $BATEIA_KEY"'] : []),
    `--header 'Content-Type: ${REFERENCE}'`,
    `--header 'Prefer: ${WAIT}'`,
    `--data '${JSON.stringify({ input_of: id })}'`,
    quoted(url),
  ].join(" \\\n  ");

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A program for Python without packages. JSON texts are its literals too.
 * @param {Pick<Execution, "id">} execution
 * @param {Request} request
 */
export const pythonProgram = ({ id }, { url, hasKey }) =>
  [
    "import json",
    ...(hasKey ? ["import os"] : []),
    "import urllib.request",
    "",
    "headers = {",
    `    "Content-Type": "${REFERENCE}",`,
    `    "Prefer": "${WAIT}",`,
    ...(hasKey ? [`    "Authorization": f"Bearer {os.environ['BATEIA_KEY']}",`] : []),
    "}",
    `body = json.dumps({"input_of": ${JSON.stringify(id)}}).encode()`,
    `request = urllib.request.Request(${JSON.stringify(url)}, body, headers)`,
    "with urllib.request.urlopen(request) as response:",
    "    execution = json.load(response)",
    'print(execution["status"], execution.get("result"))',
    "",
  ].join("\n");
