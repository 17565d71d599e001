// Swagger UI fills a field that has no default with a sample, such as "string": a form begins empty instead.
const named = (description, schema) =>
  schema?.$ref ? description.components.schemas[schema.$ref.split("/").pop()] : schema;

const emptied = (description) => {
  for (const operations of Object.values(description.paths ?? {})) {
    for (const operation of Object.values(operations)) {
      const form = named(description, operation.requestBody?.content?.["multipart/form-data"]?.schema);
      for (const [name, field] of Object.entries(form?.properties ?? {})) {
        if (field.default === undefined && !form.required.includes(name)) {
          field.examples = [field.type === "array" ? [] : ""];
        }
      }
    }
  }
  return description;
};

// And sends what was left empty, unless told otherwise for each field.
const filledIn = (request) => {
  if (request.body instanceof FormData) {
    for (const [name, value] of [...request.body]) if (value === "") request.body.delete(name);
  }
  return request;
};

// A conversion's answer is JSON: what a person wants of it is the file, for which the address needs the token.
const offer = async (conversion) => {
  const said = document.querySelector(".result");
  const token = reference.authSelectors.authorized().getIn(["bearer", "value"]);
  const answer = await fetch(`${conversion.download_url}?redirect=false`, { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) return;
  const save = document.createElement("a");
  save.textContent = `Save ${conversion.output_filename}`;
  save.href = (await answer.json()).url;
  save.download = "";
  said.replaceChildren(save);
  said.hidden = false;
};

// A successful log-in or refresh authorises every call that follows.
const reference = SwaggerUIBundle({
  url: document.getElementById("reference").dataset.description,
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  plugins: [
    { statePlugins: { spec: { wrapActions: { updateJsonSpec: (update) => (description) => update(emptied(description)) } } } },
  ],
  requestInterceptor: filledIn,
  onComplete: () => reference.layoutActions.show(["operations-tag", "Legacy converters"], false),
  responseInterceptor: (response) => {
    const token = response.ok && response.obj && response.obj.access_token;
    if (token) reference.preauthorizeApiKey("bearer", token);
    if (response.ok && response.obj?.download_url && response.obj.output_filename) offer(response.obj);
    return response;
  },
});

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
