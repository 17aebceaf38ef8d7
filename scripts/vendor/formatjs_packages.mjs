// The packages of FormatJS that stand on one another, before their locale data ask for them.
import { getCanonicalLocales } from "@formatjs/intl-getcanonicallocales";
import { DisplayNames } from "@formatjs/intl-displaynames";
import ListFormat from "@formatjs/intl-listformat";
import { Locale } from "@formatjs/intl-locale";
import { NumberFormat } from "@formatjs/intl-numberformat";
import { PluralRules } from "@formatjs/intl-pluralrules";
import RelativeTimeFormat from "@formatjs/intl-relativetimeformat";
import { Intl } from "./intl_host.mjs";

Object.assign(Intl, {
  getCanonicalLocales,
  DisplayNames,
  ListFormat,
  Locale,
  NumberFormat,
  PluralRules,
  RelativeTimeFormat,
});
