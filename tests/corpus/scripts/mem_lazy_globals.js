// At the end of the stack a file of ours is read and cannot be evaluated, again and again. None of that makes room for a script.
const at = (depth, work) => (depth === 0 ? work() : at(depth - 1, work));
function process(uses) {
  let deepest = 0;
  const dive = () => { deepest++; dive(); };
  try { dive(); } catch { }
  for (const [tries, use] of [[25, () => new URL("http://a")], [8, () => console.dir(new Map())]]) {
    for (let depth = deepest, isDone = false; depth > deepest - 100 && !isDone; depth--) {
      for (let i = 0; i < tries && !isDone; i++) try { at(depth, use); isDone = true; } catch { }
    }
  }
  const kept = []; for (;;) kept.push(new Uint8Array(1 << 18).fill(1));
}
