// Showing rows.
const ROWS_PER_PAGE = 10;
let page = 0;

function labelled(name, value, kind = "text") {
  return element("div", { className: kind }, element("b", { textContent: name }), element("p", { textContent: value }));
}

function tag(value, kind = "") {
  return element("span", { className: `tag ${kind}`, textContent: value });
}

function clip(row, side) {
  const index = row[`clip${side}`];
  const preview = index === null ? null : data.clips[index];
  const where = element("div", { className: "where" }, element("strong", { textContent: `Audio ${side}` }), element("code", { textContent: row[`path${side}`] }));
  const box = element("div", {}, where);
  if (preview && preview.sound) {
    box.append(element("img", { src: preview.picture, alt: `log-mel spectrogram of audio ${side}` }));
    const player = element("audio", { controls: true, preload: "metadata", src: preview.sound });
    player.setAttribute("aria-label", `audio ${side}`);
    box.append(player);
  } else {
    box.append(element("p", { className: "note", textContent: preview ? preview.fault : "no recording here" }));
  }
  if (row[`caption${side}`]) box.append(element("p", { className: "caption", textContent: row[`caption${side}`] }));
  return box;
}

// Only a fault is marked; what a check could not decide is said quietly. That an answer contradicts a measurement is
// the reason of a check.
function faultsOf(answer) {
  const faults = [];
  if (answer.right_side === false) faults.push(tag("an event on the wrong side", "bad"));
  for (const reason of answer.reasons) faults.push(tag(reason, "bad"));
  if (answer.fault) faults.push(tag(answer.fault, "bad"));
  for (const doubt of answer.doubts) faults.push(tag(doubt));
  return faults;
}

function heardBy(answer) {
  const events = [[1, answer.events1], [2, answer.events2]].filter(([, names]) => names.length);
  const parts = events.map(([side, names]) => `in audio ${side} ${names.join(", ")}`);
  if (answer.unheard.length) parts.push(`named, but not heard: ${answer.unheard.join(", ")}`);
  return parts.length ? [element("p", { className: "note", textContent: `Heard by the model: ${parts.join("; ")}` })] : [];
}

// What the same system said to other audio, folded up.
function probesOf(answer) {
  if (!answer.probed.length) return [];
  const answers = answer.probed.map((probe) => {
    const faults = probe.fault ? [tag(probe.fault, "bad")] : [];
    return element("p", {}, element("b", { textContent: `To ${probe.heard}: ` }), probe.text || "(no answer)", ...faults);
  });
  return [element("details", { className: "probed" }, element("summary", { textContent: "Asked again with other audio" }), ...answers)];
}

function answerBox(row, system) {
  const answer = row.answers[system];
  const text = element("p", {}, ...(answer.text ? markedText(answer) : ["(no prediction)"]));
  const box = element("div", { className: system === 0 ? "text answer first" : "text answer" }, element("b", { textContent: data.systems[system] }), text);
  box.dataset.system = data.systems[system];
  const scores = Object.entries(answer.scores).map(([name, value]) => tag(`${name} ${(100 * value).toFixed(1)}`));
  for (const tags of [faultsOf(answer), scores]) if (tags.length) box.append(element("div", { className: "tags" }, ...tags));
  box.append(...heardBy(answer), ...probesOf(answer));
  return box;
}

function article(row) {
  const header = element("header", {}, element("h3", { className: "label", textContent: labelOf(row) }), element("code", { textContent: row.id }));
  const box = element("article", {}, header, element("div", { className: "clips" }, clip(row, 1), clip(row, 2)));
  for (const reference of row.references) box.append(labelled("Reference", reference));
  for (let system = 0; system < data.systems.length; system += 1) box.append(answerBox(row, system));
  return box;
}

function nothing(clear) {
  const button = element("button", { type: "button", textContent: "Clear the filters" });
  button.addEventListener("click", clear);
  return element("div", { className: "empty" }, element("p", { textContent: "No row fits these filters." }), button);
}

function showRows(clear) {
  const rows = chosenRows();
  const last = Math.max(0, Math.ceil(rows.length / ROWS_PER_PAGE) - 1);
  page = Math.min(Math.max(page, 0), last);
  const shown = rows.slice(page * ROWS_PER_PAGE, (page + 1) * ROWS_PER_PAGE).map(article);
  at("rows").replaceChildren(...(shown.length ? shown : [nothing(clear)]));
  at("count").textContent = `${rows.length.toLocaleString("en")} of ${data.rows.length.toLocaleString("en")} rows`;
  at("page").textContent = `${page + 1} of ${last + 1}`;
  at("before").disabled = page === 0;
  at("after").disabled = page === last;
  const active = FILTERS.filter(isActive).length;
  at("clear").hidden = active === 0;
  at("toggle").textContent = active ? `Filter (${active})` : "Filter";
}

// One recording at a time.
document.addEventListener("play", (event) => {
  for (const player of document.querySelectorAll("audio")) if (player !== event.target) player.pause();
}, true);
