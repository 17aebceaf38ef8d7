// Starts Swagger UI on the service's own document. Nothing is asked of any other host.

// The page is at `docs/try` below the service's root. A proxy may publish that under a path prefix that the service, and so
// its document, does not know of: what is tried out here goes to where this page came from.
const root = new URL("..", location.href);
const fromHere = {
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (update) => (spec) =>
          update({ ...spec, servers: [{ ...spec.servers?.[0], url: root.pathname.replace(/\/$/, "") || "/" }] }),
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
  defaultModelsExpandDepth: 0,
});
