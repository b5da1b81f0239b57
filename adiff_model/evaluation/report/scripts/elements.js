"use strict";
// All that is shown is put in as text: nothing of the data is ever read as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);

function addOptions(select, options) {
  for (const [value, text] of options) select.append(element("option", { value, textContent: text }));
}
