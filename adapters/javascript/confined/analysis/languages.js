// Uses of languages: () => (report) => { use, member, call, finish }; `report(kind, at, subject, suggestion)`.
//
// One finding says that a source has such uses at all, and one each that a locale of a literal is not carried, or a member of
// `Intl` not there. `test_intl.py` compares the lists with what is carried.

() => {
  "use strict";

  const DEFAULT = "en-US";
  const CARRIED = ["en", "en-US", "en-GB", "en-CA", "pt", "pt-BR", "pt-PT", "es", "es-ES", "sv", "sv-SE"];
  const COMPARED = ["en", "es", "pt"];
  const CASED = ["az", "el", "lt", "tr"]; // whose letters change case in ways of their own
  const EXTENSION = /-u-.*$/i;
  const KNOWN_EXTENSION =
    /^-u(?:-(?:nu-latn|ca-gregory|hc-h(?:11|12|23|24)|kn(?:-true|-false)?|kf-(?:upper|lower|false)))+$/i;
  const MEMBERS = [
    "Collator",
    "DateTimeFormat",
    "DisplayNames",
    "ListFormat",
    "Locale",
    "NumberFormat",
    "PluralRules",
    "RelativeTimeFormat",
    "getCanonicalLocales",
    "supportedValuesOf",
  ];
  const LOCALE_OF_METHOD = {
    __proto__: null,
    toLocaleString: 0,
    toLocaleDateString: 0,
    toLocaleTimeString: 0,
    localeCompare: 1,
    toLocaleUpperCase: 0,
    toLocaleLowerCase: 0,
  };

  const carried = new Map(CARRIED.map((tag) => [tag.toLowerCase(), tag]));

  function fallback(tag) {
    let candidate = tag.toLowerCase();
    while (candidate.includes("-") && !carried.has(candidate))
      candidate = candidate.slice(0, candidate.lastIndexOf("-"));
    return carried.get(candidate) ?? DEFAULT;
  }

  // What answers in place of the locale; undefined if it is carried.
  function inPlaceOf(tag, name) {
    const base = tag.replace(EXTENSION, "");
    const language = base.split("-")[0].toLowerCase();
    if (name === "toLocaleUpperCase" || name === "toLocaleLowerCase")
      return CASED.includes(language) ? DEFAULT : undefined;
    if (name === "localeCompare" || name === "Collator") return COMPARED.includes(language) ? undefined : DEFAULT;
    const isWhole = carried.has(base.toLowerCase()) && (base === tag || KNOWN_EXTENSION.test(tag.slice(base.length)));
    return isWhole ? undefined : fallback(base);
  }

  return (report) => {
    let at = -1;
    let subject = "";

    function use(place, name) {
      if (at >= 0 && at <= place) return;
      at = place;
      subject = name;
    }

    function checkLocale(node, name) {
      if (node?.type === "ArrayExpression") {
        for (const element of node.elements) checkLocale(element, name);
      } else if (node?.type === "Literal" && typeof node.value === "string") {
        const instead = inPlaceOf(node.value, name);
        if (instead !== undefined) report("locale", node.start, node.value, instead);
      }
    }

    return {
      use,
      member(place, name) {
        if (!MEMBERS.includes(name)) report("no-intl-member", place, `Intl.${name}`);
      },
      // A call of a method by that name, or of a member of `Intl`.
      call(name, given, isOfIntl) {
        if (isOfIntl && MEMBERS.includes(name)) checkLocale(given[0], name);
        else if (name in LOCALE_OF_METHOD) checkLocale(given[LOCALE_OF_METHOD[name]], name);
      },
      finish() {
        if (at >= 0) report("intl", at, subject);
      },
    };
  };
};
