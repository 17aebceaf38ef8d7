// @ts-check
// A menu that opens below its summary, as a `details` of the class `menu`.

/**
 * Close a menu on Escape, wherever the focus is in it, and give the focus back to its summary.
 * @param {KeyboardEvent} event
 */
export function closeOnEscape(event) {
  const menu = event.currentTarget;
  if (event.key !== "Escape" || event.defaultPrevented || !(menu instanceof HTMLDetailsElement) || !menu.open) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary")?.focus();
}
