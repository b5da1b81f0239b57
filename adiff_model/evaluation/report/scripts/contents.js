// Contents: open beside the text, folded above it; the section that is read is marked.
const contents = document.querySelector(".contents details");
const narrow = matchMedia("(max-width: 60rem)");
const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
const sections = [...links.keys()].map(at);

function fold() {
  contents.open = !narrow.matches;
}

function markSection() {
  const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
  const above = sections.findLast((section) => section.getBoundingClientRect().top < innerHeight / 3);
  const current = (atEnd ? sections.at(-1) : above) ?? sections[0];
  for (const [id, link] of links) {
    if (id === current.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  at("here").textContent = links.get(current.id).textContent;
}

// Links within the page keep the filters in the address.
function follow(event) {
  const link = event.target.closest('a[href^="#"]');
  if (!link) return;
  event.preventDefault();
  if (narrow.matches) contents.open = false;
  const target = at(link.hash.slice(1));
  history.pushState(null, "", addressOf(target.id, page));
  target.scrollIntoView();
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

narrow.addEventListener("change", fold);
addEventListener("scroll", markSection, { passive: true });
document.addEventListener("click", follow);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && narrow.matches) contents.open = false; });
fold();
