// The properties of `Intl` and of what depends on it.
const process = () => [
  Object.getOwnPropertyNames(Intl).sort(),
  Object.keys(Intl),
  Object.keys(globalThis),
  `${Intl}`,
  Object.getOwnPropertyNames(Intl)
    .filter((name) => typeof Intl[name] === "function")
    .map((name) => [
      name,
      Intl[name].name,
      Intl[name].length,
      Object.keys(Intl[name]),
      Object.keys(Intl[name].prototype ?? {}),
    ]),
  Intl.NumberFormat("pt").format.name,
  Intl.NumberFormat("pt") instanceof Intl.NumberFormat,
  new (class extends Intl.DateTimeFormat {
    day() {
      return this.format(0);
    }
  })("pt-BR").day(),
  [Number, BigInt, Date, Array].map(({ prototype }) => [
    Object.keys(prototype),
    prototype.toLocaleString.name,
    prototype.toLocaleString.length,
  ]),
  "".localeCompare.length,
];
