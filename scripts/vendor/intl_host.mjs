// The `Intl` that FormatJS finds in place of the global one (build.sh has esbuild put it there).
export const Intl = {};
