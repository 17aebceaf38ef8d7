// @ts-check
// The example: a script and its dataset. Both functions reject with `Refused` if the file cannot be fetched.

import { getBlob } from "./api.js";

/** The usual name of the example's script. */
export const EXAMPLE_NAME = "corporate-cards";

/** @param {string} name */
const text = async (name) => (await getBlob(new URL(`./example/${name}`, import.meta.url).href)).text();

export const exampleSource = () => text("script.js");

export const exampleDataset = () => text("dataset.json");
