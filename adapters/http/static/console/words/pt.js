import { results } from "./results.pt.js";

export const pt = { ...results };
