// The words of results, in Portuguese.

export const results = {
  "result": "Resultado",
  "compare": "Comparar execuções",
  "compare.intro": "Duas execuções lado a lado: o que receberam, quanto custaram, e onde os resultados diferem.",
};
