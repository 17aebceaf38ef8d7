class Acc { #n = 0; static #c = 0; add(x) { this.#n += x; Acc.#c++; return this; } get n() { return this.#n; } static get count() { return Acc.#c; } }
function* gen(n) { for (let i = 0; i < n; i++) yield i ** 2; }
function process({ n = 3, ...rest }) {
  const a = new Acc(); for (const v of gen(n)) a.add(v);
  return { n: a.n, c: Acc.count, rest, last: [1, 2, 3].at(-1), g: Object.groupBy([1, 2, 3], x => x % 2 ? "odd" : "even"), s: "a-b-c".replaceAll("-", "+"), m: "2024-05-06".match(/(?<y>\d+)-(?<m>\d+)/).groups.y };
}
