// @ts-check
// A file that was chosen in one view and that the next one reads.

/** @type {File | null} */
let handed = null;

/** @param {File} file */
export const handOver = (file) => {
  handed = file;
};

/** The file, once. */
export function takeHanded() {
  const file = handed;
  handed = null;
  return file;
}
