// Makes elements. A text is a text whatever it contains: nothing here, and nothing that uses this, reads markup.

/**
 * An element. An attribute that is null, undefined or false is left out; one that is a function listens to the event
 * of its name. Children are nodes, texts, numbers, lists of them, or nothing.
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(key, value === true ? "" : value);
  }
  return fill(element, ...children);
}

/** The element with these children instead of those it had. */
export function fill(element, ...children) {
  element.replaceChildren(
    ...children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false),
  );
  return element;
}

/** Words for readers of the screen alone. */
export const unseen = (words) => h("span", { class: "unseen" }, words);

let made = 0;

/** An id that no other element has. */
export const newId = (stem) => `${stem}-${++made}`;
