// A successful log-in or refresh authorises every call that follows.
const reference = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  responseInterceptor: (response) => {
    const token = response.ok && response.obj && response.obj.access_token;
    if (token) reference.preauthorizeApiKey("bearer", token);
    return response;
  },
});

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
