// @ts-check
// The form of a job as the request that it becomes.

/**
 * @typedef {object} JobForm
 * @property {string} input
 * @property {string} format Empty if the extension tells it.
 * @property {Record<string, string | boolean> | null} csv
 * @property {string} output
 * @property {string} outputFormat
 * @property {string} merge
 * @property {number} partitionBytes
 * @property {boolean} verifies
 */

/** The format that the extension of an object tells, without that of a compression. @param {string} url */
export function formatOf(url) {
  const [, extension = ""] = /\.([a-z]+)(?:\.(?:gz|zst))?$/i.exec(url) ?? [];
  return extension.toLowerCase() === "tsv" ? "csv" : extension.toLowerCase();
}

/** @param {JobForm} form */
export const requestOf = ({ input, format, csv, output, outputFormat, merge, partitionBytes, verifies }) => ({
  input: { url: input.trim(), ...(format ? { format } : {}), ...(csv ? { csv } : {}) },
  output: { url: output.trim(), format: outputFormat },
  merge,
  partition: { bytes: partitionBytes },
  ...(verifies ? {} : { verify: "skip" }),
});
