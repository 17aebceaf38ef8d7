// @ts-check
// Requests of buttons, one at a time for each button, and whether any is under way.

/** @type {Set<Promise<unknown>>} */
const running = new Set();

export const isSubmitting = () => running.size > 0;

/** Resolves when no request is under way. */
export async function submissionsSettled() {
  while (isSubmitting()) await Promise.allSettled(running);
}

/**
 * Do the work of a button, unless it is being done. Meanwhile the button says that it is disabled; it is not, because a
 * disabled element loses the focus.
 * @param {HTMLButtonElement} button
 * @param {() => Promise<unknown>} work
 */
export async function submit(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  const request = work();
  running.add(request);
  try {
    await request;
  } finally {
    running.delete(request);
    button.removeAttribute("aria-disabled");
  }
}
