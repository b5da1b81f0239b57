// An element with properties and children; text among them is put in as text.
function element(name, options = {}, ...children) {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(options)) created[key] = value;
  created.append(...children);
  return created;
}
