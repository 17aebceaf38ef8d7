// An error with a stack that is the same everywhere: two frames, none, or no stack at all.

globalThis.withStack = (error, how = 0, more = {}) => {
  const frames = ["\n    at first (script.js:1:2)\n    at second (script.js:3:4)", "", undefined][how];
  const value = frames === undefined ? frames : Error.prototype.toString.call(error) + frames;
  Object.defineProperty(error, "stack", { value, writable: true, configurable: true });
  return Object.assign(error, more);
};
