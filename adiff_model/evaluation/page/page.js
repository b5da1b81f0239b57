"use strict";
// All that is shown is put in as text: nothing of the data is ever read as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const PAGE = 10;
let shown = [];
let page = 0;

function element(name, options = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(options)) made[key] = value;
  made.append(...children);
  return made;
}

function choose(select, options) {
  for (const [value, text] of options) select.append(element("option", { value, textContent: text }));
}

const groupOf = (row) => `${row.dataset} ${row.tier}`;
const FAILURES = {
  all: () => true,
  failed: (answer) => !answer.passed,
  contradicted: (answer) => answer.contradicted === true,
  side: (answer) => answer.right_side === false,
  unheard: (answer) => answer.unheard.length > 0,
  empty: (answer) => !answer.text.trim(),
  passed: (answer) => answer.passed && answer.right_side !== false && answer.contradicted !== true && answer.unheard.length === 0,
};

function sortValue(row, system, metric) {
  if (metric === "difference") {
    const name = data.metrics.includes("ROUGE-L") ? "ROUGE-L" : data.metrics[0];
    return (row.answers[system].scores[name] ?? NaN) - (row.answers[0].scores[name] ?? NaN);
  }
  if (metric === "length") return row.answers[system].text.split(/\s+/).length;
  return row.answers[system].scores[metric] ?? NaN;
}

function select() {
  const system = Number(at("system").value);
  const words = at("find").value.toLowerCase();
  const fails = FAILURES[at("failure").value];
  shown = data.rows.filter((row) => {
    if (at("group").value !== "all" && groupOf(row) !== at("group").value) return false;
    if (!fails(row.answers[system])) return false;
    const texts = [row.id, row.path1, row.path2, row.caption1, row.caption2, ...row.references, ...row.answers.map((answer) => answer.text)];
    return !words || texts.some((text) => text.toLowerCase().includes(words));
  });
  const metric = at("sort").value;
  if (metric !== "file") {
    const sign = at("direction").value === "up" ? 1 : -1;
    const values = new Map(shown.map((row) => [row, sortValue(row, system, metric)]));
    const rank = (row) => (Number.isNaN(values.get(row)) ? Infinity : sign * values.get(row));
    shown.sort((first, second) => { const a = rank(first), b = rank(second); return a === b ? 0 : a - b; });
  }
  page = 0;
  show();
}

function clip(row, side) {
  const index = row[`clip${side}`];
  const view = index === null ? null : data.clips[index];
  const box = element("div", {}, element("b", { textContent: `audio ${side}` }), " ", element("code", { textContent: row[`path${side}`] }));
  if (view && view.sound) {
    box.append(element("img", { src: view.picture, alt: `log-mel spectrogram of audio ${side}` }));
    box.append(element("audio", { controls: true, preload: "metadata", src: view.sound }));
  } else {
    box.append(element("p", { className: "note", textContent: view ? view.fault : "no recording here" }));
  }
  if (row[`caption${side}`]) box.append(text("caption", row[`caption${side}`]));
  return box;
}

function text(name, value, kind = "text") {
  return element("div", { className: kind }, element("b", { textContent: name }), value);
}

function tag(value, kind = "") {
  return element("span", { className: `tag ${kind}`, textContent: value });
}

function answer(row, number) {
  const answer = row.answers[number];
  const box = text(data.systems[number], answer.text || "(no prediction)", "text answer");
  box.dataset.system = data.systems[number];
  const tags = element("div");
  for (const [name, value] of Object.entries(answer.scores)) tags.append(tag(`${name} ${(100 * value).toFixed(1)}`));
  if (answer.right_side !== null) tags.append(tag(answer.right_side ? "events on their side" : "an event on the wrong side", answer.right_side ? "good" : "bad"));
  if (answer.contradicted !== null) tags.append(tag(answer.contradicted ? "contradicts what was measured" : "agrees with what was measured", answer.contradicted ? "bad" : "good"));
  tags.append(tag(answer.passed ? "checks passed" : "checks failed", answer.passed ? "good" : "bad"));
  for (const reason of answer.reasons) tags.append(tag(reason, answer.passed ? "" : "bad"));
  for (const name of answer.unheard) tags.append(tag(`named and not heard: ${name}`, "bad"));
  if (answer.fault) tags.append(tag(answer.fault, "bad"));
  box.append(tags);
  if (answer.events1.length || answer.events2.length) {
    box.append(element("div", { className: "note", textContent: `heard in audio 1: ${answer.events1.join(", ")}; in audio 2: ${answer.events2.join(", ")}` }));
  }
  return box;
}

function article(row) {
  const made = element("article", {}, element("h4", { textContent: `${groupOf(row)}: ${row.prompt}` }));
  made.append(element("div", { className: "clips" }, clip(row, 1), clip(row, 2)));
  for (const reference of row.references) made.append(text("reference", reference));
  for (let number = 0; number < data.systems.length; number += 1) made.append(answer(row, number));
  made.append(element("code", { textContent: row.id }));
  return made;
}

function show() {
  const last = Math.max(0, Math.ceil(shown.length / PAGE) - 1);
  page = Math.min(Math.max(page, 0), last);
  at("rows").replaceChildren(...shown.slice(page * PAGE, (page + 1) * PAGE).map(article));
  at("count").textContent = `${shown.length} of ${data.rows.length} rows`;
  at("page").textContent = `${page + 1} of ${last + 1}`;
  at("before").disabled = page === 0;
  at("after").disabled = page === last;
}

choose(at("group"), [["all", "all"], ...[...new Set(data.rows.map(groupOf))].map((name) => [name, name])]);
choose(at("system"), data.systems.map((name, number) => [String(number), name]));
choose(at("sort"), [["file", "as in the file"], ...data.metrics.map((name) => [name, name]), ["length", "words"], ...(data.systems.length > 1 ? [["difference", "difference from the first system"]] : [])]);
for (const id of ["group", "failure", "system", "sort", "direction"]) at(id).addEventListener("change", select);
at("find").addEventListener("input", select);
at("controls").addEventListener("submit", (event) => event.preventDefault());
at("before").addEventListener("click", () => { page -= 1; show(); at("browse").scrollIntoView(); });
at("after").addEventListener("click", () => { page += 1; show(); at("browse").scrollIntoView(); });
select();
