// A successful log-in or refresh authorises every call that follows.
const reference = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  responseInterceptor: (response) => {
    const token = response.ok && response.obj && response.obj.access_token;
    if (token) reference.preauthorizeApiKey("bearer", token);
    return response;
  },
});
