// What the sandbox uses of FormatJS; dates are formatted by its own code (adapters/javascript/confined/intl).
import "./formatjs_packages.mjs";
import "@formatjs/intl-pluralrules/locale-data/en.js";
import "@formatjs/intl-pluralrules/locale-data/es.js";
import "@formatjs/intl-pluralrules/locale-data/pt.js";
import "@formatjs/intl-pluralrules/locale-data/pt-PT.js";
import "@formatjs/intl-pluralrules/locale-data/sv.js";

export { Intl as default } from "./intl_host.mjs";
