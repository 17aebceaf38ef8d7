// Timers in virtual time: nothing waits. Once a script has nothing else to do, the engine fires what is due next (`fire`,
// called by engine.py), in the order in which Node would: by due time, then by creation. The clock that scripts see stands still.
//
// As in Node, immediates come before time moves on, and timers that were told to `unref` keep nothing alive.

(lib) => {
  "use strict";

  const {
    NativeError, NativeMap, NativeTypeError, apply, define, list, mapDelete, mapGet, mapSet, nodeError, parseNumber, received, toPrimitiveSymbol, trunc,
  } = lib;

  const LONGEST = 2 ** 31 - 1;
  const MOST_INTERVALS = 100000;
  const IDLE = -1;

  let now = 0;
  let created = 0;
  let alive = 0; // how many active timers and immediates keep the run going
  let intervals = 0; // fired since anything else was
  const heap = list();
  let immediates = list();
  let next = 0; // of the immediates
  const known = new NativeMap(); // timers by number, for those whose number was asked for

  // ---- a heap of the states of active timers, the one that is due first on top. `at` is a state's place in it

  const isBefore = (one, other) => one.due < other.due || (one.due === other.due && one.order < other.order);

  function place(state, at) {
    heap[at] = state;
    state.at = at;
  }

  function rise(state, from) {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(state, heap[parent])) break;
      place(heap[parent], at);
      at = parent;
    }
    place(state, at);
  }

  function sink(state, from) {
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], state)) break;
      place(heap[child], at);
      at = child;
    }
    place(state, at);
  }

  function insert(state) {
    state.due = now + state.delay;
    state.order = created++;
    if (state.isReferenced) alive++;
    rise(state, heap.length);
  }

  function remove(state) {
    const { at } = state;
    if (at === IDLE) return;
    const last = heap[heap.length - 1];
    heap.length--;
    state.at = IDLE;
    if (state.isReferenced) alive--;
    if (last === state) return;
    if (at > 0 && isBefore(last, heap[(at - 1) >> 1])) rise(last, at);
    else sink(last, at);
  }

  // ---- what scripts hold

  class Timeout {
    #state;

    constructor(callback, delay, args, isRepeated) {
      this.#state = {
        __proto__: null, timer: this, callback, args, isRepeated, delay: duration(delay), due: 0, order: 0, at: IDLE,
        isReferenced: true, number: 0,
      };
      insert(this.#state);
    }

    refresh() {
      const state = this.#state;
      if (state.callback === null) return this;
      remove(state);
      insert(state);
      return this;
    }

    unref() {
      const state = this.#state;
      if (state.isReferenced && state.at !== IDLE) alive--;
      state.isReferenced = false;
      return this;
    }

    ref() {
      const state = this.#state;
      if (!state.isReferenced && state.at !== IDLE) alive++;
      state.isReferenced = true;
      return this;
    }

    hasRef() { return this.#state.isReferenced; }

    close() {
      clear(this.#state);
      return this;
    }

    [toPrimitiveSymbol]() {
      const state = this.#state;
      if (state.number === 0) {
        state.number = state.order + 1;
        if (state.callback !== null) mapSet(known, state.number, state);
      }
      return state.number;
    }

    static stateOf(value) { return #state in value ? value.#state : undefined; }
  }

  class Immediate {
    #state;

    constructor(callback, args) {
      this.#state = { __proto__: null, timer: this, callback, args, isReferenced: true };
      alive++;
      immediates[immediates.length] = this.#state;
    }

    ref() {
      const state = this.#state;
      if (!state.isReferenced && state.callback !== null) alive++;
      state.isReferenced = true;
      return this;
    }

    unref() {
      const state = this.#state;
      if (state.isReferenced && state.callback !== null) alive--;
      state.isReferenced = false;
      return this;
    }

    hasRef() { return this.#state.isReferenced; }

    static stateOf(value) { return #state in value ? value.#state : undefined; }
  }

  const { stateOf } = Timeout;
  const { stateOf: immediateOf } = Immediate;
  delete Timeout.stateOf;
  delete Immediate.stateOf;
  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

  function duration(delay) {
    const number = typeof delay === "symbol" ? NaN : delay * 1;
    return number >= 1 && number <= LONGEST ? trunc(number) : 1;
  }

  function clear(state) {
    remove(state);
    state.callback = null;
    if (state.number !== 0) mapDelete(known, state.number);
  }

  function stop(timer) {
    const state = isObject(timer) ? stateOf(timer)
      : typeof timer === "number" || typeof timer === "string" ? mapGet(known, parseNumber(timer)) : undefined;
    if (state !== undefined) clear(state);
  }

  function stopImmediate(timer) {
    const state = isObject(timer) ? immediateOf(timer) : undefined;
    if (state === undefined || state.callback === null) return;
    state.callback = null;
    if (state.isReferenced) alive--;
  }

  function checked(callback) {
    if (typeof callback === "function") return callback;
    throw nodeError(
      NativeTypeError, "ERR_INVALID_ARG_TYPE", 'The "callback" argument must be of type function.' + received(callback),
    );
  }

  function rest(all, from) {
    const found = list();
    for (let i = from; i < all.length; i++) found[i - from] = all[i];
    return found;
  }

  // ---- what the engine calls

  const PENDING = 0; // as in prelude.js

  // Fires what is due next while `outcome` is pending; false if nothing can change it any more.
  lib.fire = (outcome) => {
    if (outcome.state !== PENDING || alive === 0) return false;
    if (heap.length > 0 && heap[0].due <= now) fireTimer();
    else if (next < immediates.length) fireImmediate();
    else {
      now = heap[0].due;
      fireTimer();
    }
    return true;
  };

  function fireTimer() {
    const state = heap[0];
    remove(state);
    if (state.isRepeated) countInterval();
    else intervals = 0;
    try {
      apply(state.callback, state.timer, state.args);
    } finally {
      if (state.callback !== null && state.at === IDLE) {
        if (state.isRepeated) insert(state);
        else if (state.number !== 0) mapDelete(known, state.number);
      }
    }
  }

  function countInterval() {
    if (++intervals <= MOST_INTERVALS) return;
    throw new NativeError(
      "an interval fired " + MOST_INTERVALS + " times while process was waiting and nothing else happened: "
      + "end it with clearInterval, or resolve what process waits for",
    );
  }

  function fireImmediate() {
    intervals = 0;
    const state = immediates[next];
    immediates[next++] = undefined;
    if (next === immediates.length) {
      immediates = list();
      next = 0;
    }
    const { callback } = state;
    if (callback === null) return;
    state.callback = null;
    if (state.isReferenced) alive--;
    apply(callback, state.timer, state.args);
  }

  const functions = {
    __proto__: null,
    setTimeout(callback, after, arg1, arg2, arg3) { // Node names three of the arguments, and so has a length of five
      return new Timeout(checked(callback), after, rest(arguments, 2), false);
    },
    setInterval(callback, repeat, arg1, arg2, arg3) {
      return new Timeout(checked(callback), repeat, rest(arguments, 2), true);
    },
    setImmediate(callback, arg1, arg2, arg3) {
      return new Immediate(checked(callback), rest(arguments, 1));
    },
    clearTimeout(timer) { stop(timer); },
    clearInterval(timer) { stop(timer); },
    clearImmediate(immediate) { stopImmediate(immediate); },
  };
  const names = lib.keys(functions);
  for (let i = 0; i < names.length; i++) define(names[i], functions[names[i]]);
}
