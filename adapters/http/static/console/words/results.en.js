// The words of results, in English.

export const results = {
  "result": "Result",
  "compare": "Compare executions",
  "compare.intro": "Two executions side by side: what they were given, what it cost, and where their results differ.",
};
