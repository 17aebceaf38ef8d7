// The use case, to begin with.

import { call } from "./api.js";

const text = async (name) => (await call("GET", new URL(`./example/${name}`, import.meta.url), { as: "blob" })).text();

/** The example's source. Rejects with `Refused` if it cannot be had. */
export const exampleSource = () => text("script.js");

/** The example's dataset. */
export const exampleDataset = () => text("dataset.json");
