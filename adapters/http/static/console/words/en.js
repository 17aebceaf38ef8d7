import { results } from "./results.en.js";

export const en = { ...results };
