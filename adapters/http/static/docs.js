// Starts Swagger UI on the service's own document. Nothing is asked of any other host.

// The page is at `docs/try` below the service's root. A proxy may publish that under a path prefix that the service, and so
// its document, does not know of: what is tried out here goes to where this page came from.
const root = new URL("..", location.href);
const servers = (spec) => [{ ...spec.servers?.[0], url: root.pathname.replace(/\/$/, "") || "/" }];

// Refusals are most of the document, and Swagger UI would resolve those of all operations before it shows one of them. The
// reference at `docs` has them.
const withoutRefusals = (operation) => ({
  ...operation,
  responses: Object.fromEntries(Object.entries(operation.responses).filter(([status]) => status < "400")),
});
const mapped = (entries, change) => Object.fromEntries(Object.entries(entries).map(([name, one]) => [name, change(one)]));
const paths = (spec) => mapped(spec.paths, (path) => mapped(path, (part) => (part.responses ? withoutRefusals(part) : part)));

const fromHere = {
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (update) => (spec) => update({ ...spec, servers: servers(spec), paths: paths(spec) }),
      },
    },
  },
};

// Swagger UI has a dark look, which it does not choose itself.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

SwaggerUIBundle({
  url: new URL("openapi.json", root).href,
  dom_id: "#swagger-ui",
  plugins: [() => fromHere],
  validatorUrl: null,
  deepLinking: true,
  docExpansion: "none", // a hundred operations at once keep a browser busy for seconds
  displayRequestDuration: true,
  defaultModelsExpandDepth: -1, // nor their models, which are at `docs/types`
});
