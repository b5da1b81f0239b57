// The page of a study. `backend` says where its trials come from and where answers go.
const SCALES = {
  rating: [[1, "not at all"], [2, ""], [3, ""], [4, ""], [5, "entirely"]],
  preference: [[1, "the first"], [0, "no difference"], [2, "the second"]],
};
let state = null;
let current = 0; // the question that a digit answers
let heard = new Set(); // the sides that were played

// What was answered when the browser or the server ended is sent first. Each rater of each study has their own.
let pendingOf = "pending";
async function begin() {
  const next = await backend.state();
  pendingOf = `pending of ${next.study.id} ${next.rater}`;
  const pending = kept.get(pendingOf);
  if (pending) await send(pending);
  else show(next);
}

const gains = () => backend.gains(state.trial.number);

function show(next) {
  state = next;
  const { study, trial, rater, done, trials } = state;
  at("title").textContent = study.title;
  document.title = study.title;
  at("progress").textContent = state.consented ? `${rater ? `${rater}: ` : ""}${done} of ${trials}` : rater;
  at("undo").hidden = !state.consented || done === 0;
  at("save").hidden = !backend.save || done === 0;
  at("save").className = trial ? "" : "main";
  at("clips").replaceChildren();
  if (!state.consented) {
    at("consent-text").textContent = study.consent;
    showPart("consent");
    at("agree").focus({ preventScroll: true });
  } else if (!trial) {
    showPart("end");
    if (backend.save) at("thanks").textContent = "Thank you. Now save your answers as a file, and send it to whoever sent you this page.";
    at("end-title").focus();
  } else {
    showTrial(trial);
  }
  scrollTo(0, 0);
}

function showTrial(trial) {
  const isPair = state.study.kind === "preference";
  at("trial-title").textContent = `${trial.number + 1} of ${state.trials}`;
  at("practice").hidden = !trial.practice;
  at("answers-title").textContent = isPair ? "Explanations" : "Explanation";
  at("request").textContent = trial.request;
  const keys = { 1: "Q", 2: "W" };
  const clips = [1, 2].map((side) => clip(side, backend.sound(trial.number, side), backend.picture(trial.number, side), keys[side]));
  at("clips").replaceChildren(...clips);
  const titles = isPair ? ["The first", "The second"] : [""];
  at("answers").className = isPair ? "two" : "";
  at("answers").replaceChildren(...trial.answers.map((text, place) => {
    const title = titles[place] ? [element("h4", { textContent: titles[place] })] : [];
    return element("div", {}, ...title, element("p", { className: "text", textContent: text }));
  }));
  at("questions").replaceChildren(...state.study.questions.map(question));
  at("comment").value = "";
  heard = new Set();
  current = 0;
  tell("");
  markCurrent();
  showPart("trial");
  if (isPressed("match")) run(matchLoudness);
  startTime();
  at("trial").focus({ preventScroll: true });
}

// Questions: native radio buttons, which digits choose too.
function question({ name, text }, place) {
  const choices = SCALES[state.study.kind].map(([value, label]) => {
    const radio = element("input", { type: "radio", name: `question ${place}`, value: String(value) });
    radio.addEventListener("change", () => { current = place; markCurrent(); });
    const words = label ? [element("span", { textContent: label })] : [];
    return element("label", {}, radio, element("b", { textContent: String(value) }), ...words);
  });
  const legend = element("legend", {}, element("strong", { textContent: name }), " ", text);
  const field = element("fieldset", {}, legend, element("div", { className: `scale ${state.study.kind}` }, ...choices));
  field.addEventListener("focusin", () => { current = place; markCurrent(); });
  return field;
}

const fields = () => [...at("questions").children];
const chosen = (place) => document.querySelector(`input[name="question ${place}"]:checked`);

function markCurrent() {
  fields().forEach((field, place) => field.classList.toggle("current", place === current && fields().length > 1));
}

function choose(value) {
  const radio = document.querySelector(`input[name="question ${current}"][value="${value}"]`);
  if (!radio) return;
  radio.checked = true;
  at("said").textContent = `${state.study.questions[current].name}: ${value}`;
  go(current + 1);
}

function go(place) {
  current = Math.min(Math.max(place, 0), fields().length - 1);
  markCurrent();
  fields()[current].scrollIntoView({ block: "nearest" });
}

// Answering.
function submit() {
  if (heard.size < 2) return tell("Listen to both recordings first.");
  const missing = state.study.questions.findIndex((_, place) => !chosen(place));
  if (missing >= 0) {
    go(missing);
    return tell(`Please answer: ${state.study.questions[missing].name}.`);
  }
  const values = Object.fromEntries(state.study.questions.map(({ name }, place) => [name, Number(chosen(place).value)]));
  answer(values);
}

function answer(values) {
  run(() => send({ trial: state.trial.number, key: newKey(), values, comment: at("comment").value, seconds: timeSeen() }));
}

async function send(told) {
  kept.set(pendingOf, told);
  let next;
  try {
    next = await backend.answer(told);
  } catch (fault) {
    if (fault.status !== 401) kept.drop(pendingOf);
    if (!state && fault.status === 409) show(await backend.state());
    throw fault;
  }
  kept.drop(pendingOf);
  at("said").textContent = "noted";
  show(next);
}

function undo() {
  if (!at("undo").hidden) run(async () => show(await backend.undo()));
}

const KEYS = {
  q: () => play(1), w: () => play(2), l: loop, m: () => at("match").click(), n: () => at("comment").focus(),
  x: () => answer({}), Enter: submit, ArrowLeft: () => seek(-2), ArrowRight: () => seek(2),
  ArrowUp: () => go(current - 1), ArrowDown: () => go(current + 1),
  ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((value) => [value, () => choose(value)])),
};

document.addEventListener("keydown", (event) => {
  if (at("keys").open) return;
  if (event.key === "Escape" && state?.trial) return at("trial").focus({ preventScroll: true });
  const key = singleKey(event);
  if (key === "Enter" && event.target.matches("button, summary, audio")) return;
  const act = key === "?" ? showKeys : key === "u" ? undo : state?.trial ? KEYS[key] : null;
  if (!act) return;
  event.preventDefault();
  act();
});

function showKeys() {
  const values = SCALES[state?.study.kind ?? "rating"].map(([value]) => value);
  const [keys, meaning] = at("value-keys").children;
  keys.replaceChildren(...values.flatMap((value) => [element("kbd", { textContent: value }), " "]));
  meaning.textContent = values.length > 3 ? "answer the marked question" : "the first, no difference, the second";
  at("keys").showModal();
}

document.addEventListener("play", (event) => heard.add(event.target.id), true);
at("judging").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
at("agree").addEventListener("click", () => run(async () => show(await backend.consent())));
at("pass").addEventListener("click", () => answer({}));
at("undo").addEventListener("click", undo);
at("save").addEventListener("click", () => backend.save());
at("show-keys").addEventListener("click", showKeys);

backend.begin();
