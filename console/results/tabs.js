// Tabs, as the ARIA Authoring Practices have them: arrows move between them, and what is moved to is shown.

import { h, newId } from "../dom.js";

const MOVES = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/** Tabs of `{words, show}`: `show()` makes what a tab shows, when it is chosen first. */
export function tabs(label, all) {
  const panels = all.map(() => h("div", { role: "tabpanel", id: newId("panel"), tabindex: "0", hidden: true }));
  const heads = all.map(({ words }, at) => head(words, panels[at], () => choose(at)));
  const list = h("div", { role: "tablist", "aria-label": label, keydown: move }, heads);
  panels.forEach((panel, at) => panel.setAttribute("aria-labelledby", heads[at].id));
  choose(0);
  return h("div", {}, list, panels);

  function choose(chosen) {
    heads.forEach((one, at) => {
      one.setAttribute("aria-selected", String(at === chosen));
      one.tabIndex = at === chosen ? 0 : -1;
      panels[at].hidden = at !== chosen;
    });
    if (panels[chosen].childNodes.length === 0) panels[chosen].append(all[chosen].show());
  }

  function move(event) {
    const step = MOVES[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = heads.indexOf(document.activeElement);
    const next = Number.isFinite(step) ? (at + step + heads.length) % heads.length : step > 0 ? heads.length - 1 : 0;
    choose(next);
    heads[next].focus();
  }
}

const head = (words, panel, click) =>
  h("button", { type: "button", role: "tab", id: newId("tab"), "aria-controls": panel.id, click }, words);
