"use strict";
// All that is shown is put in as text: nothing of the data is ever read as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);

function element(name, options = {}, ...children) {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(options)) created[key] = value;
  created.append(...children);
  return created;
}

function addOptions(select, options) {
  for (const [value, text] of options) select.append(element("option", { value, textContent: text }));
}
