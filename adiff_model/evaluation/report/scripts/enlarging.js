// Enlarged figures: a copy in a dialog, which fills a phone's screen.

function enlarge(figure) {
  at("enlarged-title").textContent = figure.querySelector(".enlarge .hidden").textContent;
  at("stage").replaceChildren(figure.querySelector(".charts").cloneNode(true));
  at("enlarged").showModal();
}
for (const figure of document.querySelectorAll("figure")) {
  figure.querySelector(".enlarge").addEventListener("click", () => enlarge(figure));
  figure.querySelector(".charts").addEventListener("click", (event) => { if (!event.target.closest("a")) enlarge(figure); });
}
at("enlarged").addEventListener("click", (event) => {
  if (event.target === at("enlarged") || event.target.closest("a")) at("enlarged").close();
});
