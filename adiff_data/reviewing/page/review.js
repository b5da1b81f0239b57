"use strict";
// The page of a review. All that is shown is put in as text: nothing of the data is ever read as markup.
const at = (id) => document.getElementById(id);
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let row = null; // the one that is shown
let seconds = 0; // for how long it has been seen
let seenSince = null;
let lastPlayed = 1;
let busy = false;

// What is kept in the browser, so that it survives the browser's end. Without storage the page works all the same.
const kept = {
  get(key) { try { return JSON.parse(localStorage.getItem(`adiff ${key}`)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`adiff ${key}`, JSON.stringify(value)); } catch { /* it is not kept */ } },
  drop(key) { try { localStorage.removeItem(`adiff ${key}`); } catch { /* it was not kept */ } },
};

// Asking the server.
class Refused extends Error {
  constructor(status, fault) { super(fault); this.status = status; }
}

function tell(text) {
  at("message").textContent = text;
  at("message").hidden = !text;
}

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  for (;;) {
    const response = await fetch(path, options).catch(() => null);
    if (response && response.status < 500 && response.status !== 429) {
      const answer = await response.json();
      if (!response.ok) throw new Refused(response.status, answer.fault);
      tell("");
      return answer;
    }
    tell("The server does not answer. What you said is kept here and will be sent again.");
    await wait(1000);
  }
}

async function run(work) {
  if (busy) return;
  busy = true;
  try {
    await work();
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    if (fault.status === 401) showEntry(fault.message);
    else tell(fault.message);
  } finally {
    busy = false;
  }
}

// Entering.
function showEntry(how) {
  at("row").hidden = at("end").hidden = true;
  at("entry").hidden = how !== "by_name";
  at("shut").hidden = how === "by_name";
  if (how === "by_name") at("name").focus();
}

async function enter(credentials) {
  try {
    await ask("enter", credentials);
  } catch (fault) {
    if (credentials.token && fault.status === 403) showEntry("by_invitation");
    throw fault;
  }
  at("entry").hidden = at("shut").hidden = true;
  await begin();
}

// What was decided when the browser or the server ended is sent first.
async function begin() {
  const pending = kept.get("pending");
  if (pending) await send(pending);
  else show(await ask("row"));
}

// Showing a row.
function findings(answer) {
  const wrong = answer.marks.filter(([, , outcome]) => outcome === "contradicted" || outcome === "invented").map(([, , , note]) => note);
  const items = [...wrong, ...answer.failed].map((text) => element("li", { className: "bad", textContent: text }));
  if (!answer.failed.length) items.push(element("li", { className: "good", textContent: "passes its checks" }));
  items.push(...answer.doubts.map((text) => element("li", { textContent: text })));
  return element("ul", { className: "tags" }, ...items);
}

function clip(side) {
  const address = `${encodeURIComponent(row.id)}/${side}`;
  const picture = element("img", { src: `picture/${address}`, alt: `spectrogram of audio ${side}` });
  const player = element("audio", { controls: true, preload: "auto", src: `recording/${address}`, id: `audio${side}` });
  player.setAttribute("aria-label", `audio ${side}`);
  player.loop = isPressed("loop");
  player.addEventListener("error", () => tell(`Your browser cannot play audio ${side}.`));
  const title = element("strong", {}, `Audio ${side} `, element("kbd", { textContent: side }));
  return element("div", {}, title, picture, player, element("p", { className: "caption", hidden: true, textContent: row[`caption${side}`] }));
}

function show({ row: next, progress, reviewer }) {
  row = next;
  at("progress").textContent = `${reviewer}: ${progress.mine} by you; ${progress.done} of ${progress.rows} decided`;
  at("undo").hidden = progress.mine === 0;
  at("row").hidden = !row;
  at("end").hidden = Boolean(row);
  at("entry").hidden = at("shut").hidden = true;
  close();
  at("comment").value = "";
  at("clips").replaceChildren();
  seconds = 0;
  seenSince = document.hidden ? null : performance.now();
  if (!row) return;
  at("tier").textContent = row.tier;
  at("row-id").textContent = row.id;
  at("request").textContent = row.request;
  at("clips").replaceChildren(clip(1), clip(2));
  press("captions", false);
  at("measured").textContent = `Measured: ${row.measured.join(", ")}`;
  at("measured").hidden = !row.measured.length;
  at("answer").replaceChildren(element("p", { className: "text" }, ...markedText(row.answer)), findings(row.answer));
  if (isPressed("match")) matchLoudness();
  const draft = kept.get("draft");
  if (draft && draft.row === row.id) openEdit(draft.text);
  else at("row").focus({ preventScroll: true });
  scrollTo(0, 0);
}

// Listening.
const isPressed = (id) => at(id).getAttribute("aria-pressed") === "true";
const press = (id, pressed) => at(id).setAttribute("aria-pressed", String(pressed));
const player = (side) => at(`audio${side}`);

function play(side) {
  lastPlayed = side;
  if (player(side).paused) player(side).play().catch(() => {});
  else player(side).pause();
}

function seek(by) {
  player(lastPlayed).currentTime = Math.max(0, player(lastPlayed).currentTime + by);
}

function loop() {
  press("loop", !isPressed("loop"));
  for (const side of [1, 2]) player(side).loop = isPressed("loop");
}

async function matchLoudness() {
  const asked = row.id;
  const gains = isPressed("match") ? await ask(`gains/${encodeURIComponent(asked)}`) : { 1: 1, 2: 1 };
  if (row && row.id === asked) for (const side of [1, 2]) player(side).volume = gains[side];
}

function showCaptions() {
  press("captions", !isPressed("captions"));
  for (const caption of document.querySelectorAll(".caption")) caption.hidden = !isPressed("captions");
}

document.addEventListener("play", (event) => {
  lastPlayed = event.target === player(2) ? 2 : 1;
  for (const other of document.querySelectorAll("audio")) if (other !== event.target) other.pause();
}, true);

// Deciding.
function close() {
  at("editing").hidden = at("rejecting").hidden = true;
  at("reason").value = "";
}

function leave() {
  kept.drop("draft");
  close();
  at("row").focus({ preventScroll: true });
}

function openEdit(text) {
  close();
  at("editing").hidden = false;
  at("edit").value = text ?? row.answer.text;
  at("edit").focus();
  at("edited").replaceChildren();
  if (text) check();
}

function openReject() {
  close();
  at("rejecting").hidden = false;
  at("reason").focus();
}

let checking = 0;
async function check() {
  const number = ++checking;
  const [asked, text] = [row.id, at("edit").value];
  kept.set("draft", { row: asked, text });
  await wait(300);
  if (number !== checking || at("editing").hidden) return;
  const { answer, difference } = await ask("check", { row: asked, answer: text });
  if (number !== checking || !row || row.id !== asked) return;
  const tags = { same: "span", gone: "del", new: "ins" };
  const pieces = difference.map(([kind, words]) => element(tags[kind], { textContent: words }));
  at("edited").replaceChildren(element("p", { className: "text" }, ...pieces), findings(answer));
}

function timeSeen() {
  const seen = seconds + (seenSince === null ? 0 : (performance.now() - seenSince) / 1000);
  return Math.round(seen * 10) / 10;
}

document.addEventListener("visibilitychange", () => {
  seconds = timeSeen();
  seenSince = document.hidden ? null : performance.now();
});

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function send(decision) {
  kept.set("pending", decision);
  let next;
  try {
    next = await ask("decide", decision);
  } catch (fault) {
    if (fault.status !== 401) kept.drop("pending");
    if (!row && fault.status === 409) show(await ask("row"));
    throw fault;
  }
  kept.drop("pending");
  kept.drop("draft");
  at("said").textContent = `${decision.action}: noted`;
  show(next);
}

function decide(action, fields = {}) {
  if (row) run(() => send({ row: row.id, action, key: newKey(), comment: at("comment").value, seconds: timeSeen(), ...fields }));
}

function undo() {
  run(async () => {
    show(await ask("undo", {}));
    at("said").textContent = "your last decision is taken back";
  });
}

// Keys. They can be switched off, since some ways of typing send single letters.
const KEYS = {
  1: () => play(1), 2: () => play(2), l: loop, c: showCaptions, a: () => decide("accept"), e: () => openEdit(), r: openReject,
  s: () => decide("skip"), n: () => at("comment").focus(), ArrowLeft: () => seek(-2), ArrowRight: () => seek(2),
  m: () => at("match").click(),
};

function isTyping(target) {
  return target.matches("input:not([type=checkbox]), textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (at("keys").open) return;
  if (event.key === "Escape" && row) {
    event.preventDefault();
    if (!at("editing").hidden || !at("rejecting").hidden) leave();
    else at("row").focus({ preventScroll: true });
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !at("editing").hidden) return at("editing").requestSubmit();
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || !at("single-keys").checked) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key.startsWith("Arrow") && event.target.matches("audio")) return;
  const act = key === "?" ? () => at("keys").showModal() : key === "u" ? undo : row ? KEYS[key] : null;
  if (!act) return;
  event.preventDefault();
  act();
});

at("entry").addEventListener("submit", (event) => { event.preventDefault(); run(() => enter({ name: at("name").value })); });
at("editing").addEventListener("submit", (event) => { event.preventDefault(); decide("edit", { answer: at("edit").value }); });
at("rejecting").addEventListener("submit", (event) => { event.preventDefault(); decide("reject", { reason: at("reason").value }); });
at("edit").addEventListener("input", check);
for (const button of document.querySelectorAll(".leave")) button.addEventListener("click", leave);
at("accept").addEventListener("click", () => decide("accept"));
at("skip").addEventListener("click", () => decide("skip"));
at("open-edit").addEventListener("click", () => openEdit());
at("open-reject").addEventListener("click", openReject);
at("undo").addEventListener("click", undo);
at("loop").addEventListener("click", loop);
at("captions").addEventListener("click", showCaptions);
at("match").addEventListener("click", () => { press("match", !isPressed("match")); matchLoudness(); });
at("show-keys").addEventListener("click", () => at("keys").showModal());
at("single-keys").addEventListener("change", () => kept.set("keys", at("single-keys").checked));
at("single-keys").checked = kept.get("keys") ?? true;

// The token of an invitation stands behind the #, which no server's log sees, and leaves the address at once.
const token = location.hash.slice(1);
if (token) history.replaceState(null, "", location.pathname);
run(() => (token ? enter({ token }) : begin()));
