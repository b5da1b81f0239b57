// What happens when something is chosen, and at the start.

function showFirstPage() {
  page = 0;
  showRows(clear);
  keepRowsInView();
  history.replaceState(null, "", addressOf("browse", page));
}

// Where few rows are left of many, the page is shorter than one has scrolled.
function keepRowsInView() {
  const top = at("rows").getBoundingClientRect().top;
  if (top < 0 || top > innerHeight) at("browse").scrollIntoView({ behavior: "instant" });
}

function clear() {
  setFilters(new Map());
  showFirstPage();
  if (at("find").checkVisibility()) at("find").focus();
  else at("toggle").focus();
}

function turn(pages) {
  page += pages;
  showRows(clear);
  history.replaceState(null, "", addressOf("browse", page));
  at("browse").scrollIntoView({ behavior: "instant" });
}

function applyAddress() {
  const [section, filters] = readAddress();
  setFilters(filters);
  page = (parseInt(filters.get("page"), 10) || 1) - 1;
  showRows(clear);
  if (filters.size > 0) at(section)?.scrollIntoView({ behavior: "instant" });
}

for (const id of FILTERS) at(id).addEventListener("input", showFirstPage);
at("clear").addEventListener("click", clear);
at("toggle").addEventListener("click", () => {
  at("toggle").setAttribute("aria-expanded", String(at("toggle").getAttribute("aria-expanded") !== "true"));
});
at("controls").addEventListener("submit", (event) => event.preventDefault());
at("before").addEventListener("click", () => turn(-1));
at("after").addEventListener("click", () => turn(1));
addEventListener("hashchange", applyAddress);
applyAddress();
markSection();
