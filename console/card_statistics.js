// @ts-check
// Made-up card statistics with the columns of the Central Bank's: 2,000 rows, the same ones every time. They are
// computed, so that the console need not load them. Their story: the second quarter of 2020 is low, the fourth of each
// year is high, and MasterCard overtakes VISA in 2022.

const YEARS = [2019, 2020, 2021, 2022, 2023];
const SEASONS = [0.94, 0.98, 1, 1.1];
/** Factors of single quarters. @type {Partial<Record<string, number>>} */
const EVENTS = { 20202: 0.68, 20203: 0.86, 20204: 0.96 };

/** The share of each brand at first, and its growth per quarter. @type {[name: string, share: number, growth: number][]} */
const BRANDS = [
  ["VISA", 1, 1.02],
  ["MasterCard", 0.8, 1.038],
  ["Elo", 0.36, 1.034],
  ["American Express", 0.17, 1.004],
  ["Hipercard", 0.2, 0.972],
];
/** The share of each function, and the amount of its typical transaction. @type {[string, number, number][]} */
const FUNCTIONS = [
  ["Crédito", 1, 310],
  ["Débito", 0.55, 84],
  ["Pré-pago", 0.12, 52],
  ["Múltiplo", 0.3, 160],
];
/** The share of each product. @type {[string, number][]} */
const PRODUCTS = [
  ["Básico", 1],
  ["Intermediário", 0.7],
  ["Premium", 0.85],
  ["Empresarial", 0.5],
  ["Universitário", 0.06],
];

const TOTAL = 21_000_000_000; // reais in a quarter, for shares of 1
const PER_CARD = 7_400; // reais in a quarter

/** @typedef {ReturnType<typeof row>} CardStatistics */

/** The rows, by quarter. */
export function cardStatistics() {
  const random = generator(2023);
  return quarters().flatMap((quarter, at) =>
    BRANDS.flatMap((brand) =>
      FUNCTIONS.flatMap((fn) => PRODUCTS.map((product) => row({ quarter, at, brand, fn, product, random }))),
    ),
  );
}

const quarters = () => YEARS.flatMap((year) => SEASONS.map((_, at) => `${year}${at + 1}`));

/**
 * @param {object} of
 * @param {string} of.quarter
 * @param {number} of.at The number of quarters before it.
 * @param {(typeof BRANDS)[number]} of.brand
 * @param {(typeof FUNCTIONS)[number]} of.fn
 * @param {(typeof PRODUCTS)[number]} of.product
 * @param {() => number} of.random
 */
function row({
  quarter,
  at,
  brand: [brand, share, growth],
  fn: [fn, part, ticket],
  product: [product, weight],
  random,
}) {
  const about = () => 0.96 + 0.08 * random();
  const amount = TOTAL * share * growth ** at * part * weight * SEASONS[at % 4] * (EVENTS[quarter] ?? 1) * about();
  const issued = Math.round((amount / PER_CARD) * about());
  const abroad = amount * 0.03 * about();
  return {
    trimestre: quarter,
    nomeBandeira: brand,
    nomeFuncao: fn,
    produto: product,
    qtdCartoesEmitidos: issued,
    qtdCartoesAtivos: Math.round(issued * 0.58 * about()),
    qtdTransacoesNacionais: Math.round(amount / ticket),
    valorTransacoesNacionais: inCents(amount),
    qtdTransacoesInternacionais: Math.round(abroad / (3 * ticket)),
    valorTransacoesInternacionais: inCents(abroad),
  };
}

/** @param {number} amount */
const inCents = (amount) => Math.round(amount * 100) / 100;

/**
 * Numbers from 0 up to 1 that depend on the seed alone (mulberry32).
 * @param {number} seed
 */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
