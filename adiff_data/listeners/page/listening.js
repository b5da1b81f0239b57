"use strict";
// What the pages share on which people listen. A page has its parts in `main > .part`, of which one is shown at a time,
// and gives `begin` (what comes after entering) and `gains` (of the two recordings that are shown).
// All that is shown is put in as text: nothing of the data is ever read as markup.
const at = (id) => document.getElementById(id);
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const pageName = document.documentElement.dataset.page;
let busy = false;

function showPart(id) {
  for (const part of document.querySelectorAll("main > .part")) part.hidden = part.id !== id;
}

// What is kept in the browser, so that it survives the browser's end. Without storage the page works all the same.
const kept = {
  get(key) { try { return JSON.parse(localStorage.getItem(`${pageName} ${key}`)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`${pageName} ${key}`, JSON.stringify(value)); return true; } catch { return false; } },
  drop(key) { try { localStorage.removeItem(`${pageName} ${key}`); } catch { /* it was not kept */ } },
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

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Entering.
function showEntry(how) {
  showPart(how === "by_name" ? "entry" : "shut");
  if (how === "by_name") at("name").focus();
}

async function enter(credentials) {
  try {
    await ask("enter", credentials);
  } catch (fault) {
    if (credentials.token && fault.status === 403) showEntry("by_invitation");
    throw fault;
  }
  await begin();
}

// The token of an invitation stands behind the #, which no server's log sees, and leaves the address at once.
function enterOrBegin() {
  const token = location.hash.slice(1);
  if (token) history.replaceState(null, "", location.pathname);
  run(() => (token ? enter({ token }) : begin()));
}

// Players.
let lastPlayed = 1;
const isPressed = (id) => at(id).getAttribute("aria-pressed") === "true";
const press = (id, pressed) => at(id).setAttribute("aria-pressed", String(pressed));
const player = (side) => at(`audio${side}`);

function clip(side, sound, picture, key, ...below) {
  const view = element("img", { src: picture, alt: `spectrogram of audio ${side}` });
  const heard = element("audio", { controls: true, preload: "auto", src: sound, id: `audio${side}`, loop: isPressed("loop") });
  heard.setAttribute("aria-label", `audio ${side}`);
  heard.addEventListener("error", () => tell(`Your browser cannot play audio ${side}.`));
  const title = element("strong", {}, `Audio ${side} `, element("kbd", { textContent: key }));
  return element("div", {}, title, view, heard, ...below);
}

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
  const shown = player(1);
  const factors = isPressed("match") ? await gains() : { 1: 1, 2: 1 };
  if (player(1) === shown) for (const side of [1, 2]) player(side).volume = factors[side];
}

document.addEventListener("play", (event) => {
  lastPlayed = event.target === player(2) ? 2 : 1;
  for (const other of document.querySelectorAll("audio")) if (other !== event.target) other.pause();
}, true);

// For how long what is shown has been seen.
let seconds = 0;
let seenSince = null;

function startTime() {
  seconds = 0;
  seenSince = document.hidden ? null : performance.now();
}

function timeSeen() {
  const seen = seconds + (seenSince === null ? 0 : (performance.now() - seenSince) / 1000);
  return Math.round(seen * 10) / 10;
}

document.addEventListener("visibilitychange", () => {
  seconds = timeSeen();
  seenSince = document.hidden ? null : performance.now();
});

// Keys. They can be switched off, since some ways of typing send single letters.
function isTyping(target) {
  return target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
}

function singleKey(event) {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || !at("single-keys").checked) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return key.startsWith("Arrow") && event.target.matches("audio, [type=radio]") ? null : key;
}

at("entry").addEventListener("submit", (event) => { event.preventDefault(); run(() => enter({ name: at("name").value })); });
at("loop").addEventListener("click", loop);
at("match").addEventListener("click", () => { press("match", !isPressed("match")); matchLoudness(); });
at("single-keys").addEventListener("change", () => kept.set("keys", at("single-keys").checked));
at("single-keys").checked = kept.get("keys") ?? true;
