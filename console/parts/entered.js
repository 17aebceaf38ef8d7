// @ts-check
// What is entered on a page, carried over to the same page in another language. Drafts carry the rest.

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

const FIELDS = "form :is(input:not([type=file], [type=password], [type=checkbox]), select, textarea)";

/**
 * The fields of a page's forms, in their order.
 * @param {Element} page
 */
const fieldsOf = (page) => [.../** @type {NodeListOf<Control>} */ (page.querySelectorAll(FIELDS))];

/**
 * The boxes of a page's rows.
 * @param {Element} page
 */
const boxesOf = (page) => [
  .../** @type {NodeListOf<HTMLInputElement>} */ (page.querySelectorAll("input[type=checkbox][value]")),
];

/** @param {Element} page */
const sectionsOf = (page) => [...page.querySelectorAll("details")];

/**
 * What is entered on a page, for `enter`.
 * @param {Element} page
 */
export const enteredOn = (page) => ({
  fields: fieldsOf(page).map(({ type, value }) => ({ type, value })),
  checked: boxesOf(page)
    .filter(({ checked }) => checked)
    .map(({ value }) => value),
  open: sectionsOf(page).map(({ open }) => open),
});

/**
 * Enter the same on a page as was entered on another one with the same fields.
 * @param {Element} page
 * @param {ReturnType<typeof enteredOn>} entered
 */
export function enter(page, { fields, checked, open }) {
  const present = fieldsOf(page);
  if (present.length === fields.length && present.every(({ type }, at) => type === fields[at].type))
    present.forEach((field, at) =>
      change(field, field.value !== fields[at].value, () => (field.value = fields[at].value)),
    );
  for (const box of boxesOf(page)) change(box, !box.checked && checked.includes(box.value), () => (box.checked = true));
  sectionsOf(page).forEach((section, at) => (section.open = open[at] ?? section.open));
}

/**
 * @param {Control} control
 * @param {boolean} isDue
 * @param {() => void} set
 */
function change(control, isDue, set) {
  if (!isDue) return;
  set();
  control.dispatchEvent(new Event("change", { bubbles: true }));
}
