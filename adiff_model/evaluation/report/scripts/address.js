// The address: #SECTION?FILTERS, so that a reload and a link keep both the place and what is shown.

function readAddress() {
  const [section, query = ""] = location.hash.slice(1).split(/\?(.*)/s);
  return [section, new URLSearchParams(query)];
}

function addressOf(section, page) {
  const filters = new URLSearchParams();
  for (const id of FILTERS) if (isActive(id)) filters.set(id, at(id).value);
  if (page > 0) filters.set("page", String(page + 1));
  const query = filters.toString();
  return `#${section}${query && "?"}${query}`;
}

function setFilters(filters) {
  for (const id of FILTERS) {
    at(id).value = filters.get(id) ?? defaults[id];
    if (at(id).selectedIndex === -1) at(id).value = defaults[id];
  }
}
