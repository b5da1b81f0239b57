// Recordings are chosen or dropped, shown and played, and the model is asked about them.
const FORMATS = { wav: "wav", wave: "wav", mp3: "mp3", flac: "flac", ogg: "ogg", oga: "ogg" };
const chosen = new Map();
let asked = 0;

async function told(address, options) {
  let response;
  try {
    response = await fetch(address, { method: "POST", ...options });
  } catch {
    throw new Error("The server does not answer.");
  }
  const content = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(content.error?.message ?? `The server failed (${response.status}).`);
  return content;
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.split(",")[1] ?? ""));
    reader.addEventListener("error", () => reject(new Error("The file cannot be read.")));
    reader.readAsDataURL(file);
  });
}

function formatOf(file) {
  return FORMATS[file.name.split(".").pop().toLowerCase()];
}

function say(text, bad = false) {
  at("status").textContent = text;
  at("status").classList.toggle("bad", bad);
}

function clear(side) {
  chosen.delete(side);
  asked += 1;
  at("result").hidden = true;
  URL.revokeObjectURL(at(`player${side}`).src);
  at(`player${side}`).hidden = true;
  at(`picture${side}`).hidden = true;
  at(`clip${side}`).querySelector(".drop").classList.remove("filled");
  at(`fault${side}`).textContent = "";
}

async function choose(side, file) {
  clear(side);
  at(`name${side}`).textContent = file.name;
  if (!formatOf(file)) {
    at(`fault${side}`).textContent = "This is no WAV, MP3, FLAC or Ogg file.";
    return offer();
  }
  chosen.set(side, file);
  offer();
  at(`player${side}`).src = URL.createObjectURL(file);
  at(`player${side}`).hidden = false;
  try {
    const { picture } = await told("spectrogram", { body: file, headers: { "Content-Type": "application/octet-stream" } });
    if (chosen.get(side) !== file) return;
    at(`picture${side}`).src = picture;
    at(`picture${side}`).alt = `Spectrogram of audio ${side}; choose another recording`;
    at(`picture${side}`).hidden = false;
    at(`clip${side}`).querySelector(".drop").classList.add("filled");
  } catch (fault) {
    if (chosen.get(side) !== file) return;
    clear(side);
    at(`fault${side}`).textContent = fault.message;
    offer();
  }
}

function offer() {
  at("explain").disabled = chosen.size < 2;
  say(chosen.size === 2 ? "" : chosen.size === 1 ? "Choose the other recording." : "Choose two recordings first.");
}

async function explain() {
  const question = (asked += 1);
  at("explain").disabled = true;
  at("result").hidden = true;
  say("The model listens …");
  try {
    const content = await Promise.all([1, 2].map(async (side) => {
      const file = chosen.get(side);
      return { type: "input_audio", input_audio: { data: await base64(file), format: formatOf(file) } };
    }));
    content.push({ type: "text", text: "explain the difference" });
    const body = JSON.stringify({ model: data.model, messages: [{ role: "user", content }] });
    const answer = await told("compare", { body, headers: { "Content-Type": "application/json" } });
    if (question === asked) show(answer);
  } catch (fault) {
    if (question === asked) say(fault.message, true);
  } finally {
    if (question === asked) at("explain").disabled = chosen.size < 2;
  }
}

function answerBox(answer) {
  const text = element("p", {}, ...(answer.text ? markedText(answer) : ["(no answer)"]));
  const box = element("div", { className: "text answer" }, element("b", { textContent: data.labels[answer.tier] }), text);
  const notes = [];
  if (answer.unheard.length) notes.push(`Named, but heard in neither audio: ${answer.unheard.join(", ")}.`);
  if (!answer.complete) notes.push("Cut at the longest length.");
  if (notes.length) box.append(element("p", { className: "note", textContent: notes.join(" ") }));
  return box;
}

function eventsBox(events, side) {
  const lines = events.filter(([, probability]) => probability >= 0.05).map(([name, probability]) => element(
    "li", {}, element("span", { textContent: name }), element("meter", { value: probability, ariaLabel: name }),
    element("span", { className: "value", textContent: probability.toFixed(2) }),
  ));
  const list = lines.length ? element("ul", { className: "events" }, ...lines) : element("p", { className: "note", textContent: "nothing that the model knows" });
  return element("div", {}, element("strong", { textContent: `Heard in audio ${side}` }), list);
}

function show(answer) {
  at("answers").replaceChildren(...answer.answers.map(answerBox));
  at("heard").replaceChildren(...answer.events.map((events, place) => eventsBox(events, place + 1)));
  at("differences").textContent = answer.differences.length ? `Measured: ${answer.differences.join("; ")}.` : "Measured: no difference that is plain to hear.";
  say("");
  at("result").hidden = false;
  at("result").focus({ preventScroll: true });
  at("result").scrollIntoView({ block: "nearest" });
}

function take(side, files) {
  const wanted = [...files].slice(0, 2);
  wanted.forEach((file, place) => choose(wanted.length === 2 ? place + 1 : side, file));
}

for (const side of [1, 2]) {
  const drop = at(`clip${side}`);
  const area = drop.querySelector(".drop");
  at(`file${side}`).addEventListener("change", (event) => { if (event.target.files.length) take(side, event.target.files); });
  drop.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("over"); });
  drop.addEventListener("dragleave", () => area.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("over");
    if (event.dataTransfer.files.length) take(side, event.dataTransfer.files);
  });
}
at("form").addEventListener("submit", (event) => { event.preventDefault(); explain(); });

// A recording that misses its place opens no other page; and one plays at a time.
for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
document.addEventListener("play", (event) => {
  for (const player of document.querySelectorAll("audio")) if (player !== event.target) player.pause();
}, true);
