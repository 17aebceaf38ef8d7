// @ts-check
// Loads the views that have not been opened, while the page is idle, so that they work while the service is unreachable.

/** @import { Route } from "./types.js" */

const DELAY_MS = 3_000; // what the first view requests and what the reader does first have precedence
const LONGEST_MS = 2_000;

/**
 * Load the views one after another.
 * @param {Route[]} routes
 */
export async function preload(routes) {
  await new Promise((resolve) => setTimeout(resolve, DELAY_MS));
  for (const { load } of routes) {
    await idle();
    await load().catch(() => undefined); // the error is shown when the view is opened
  }
  document.documentElement.dataset.preloaded = "true";
}

/** The next moment in which the page has nothing to do. Safari does not say when that is. */
const idle = () =>
  new Promise((resolve) => {
    if ("requestIdleCallback" in window) requestIdleCallback(resolve, { timeout: LONGEST_MS });
    else setTimeout(resolve, LONGEST_MS / 10);
  });
