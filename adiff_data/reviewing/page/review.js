// The page of a review.
let row = null; // the one that is shown
let me = ""; // who reviews

// What was decided when the browser or the server ended is sent first. Each reviewer has their own, where they share a browser.
const mine = (what) => `${what} of ${me}`;
async function begin() {
  const next = await ask("row");
  me = next.reviewer;
  const pending = kept.get(mine("pending"));
  if (pending) await send(pending);
  else show(next);
}

// Showing a row.
function findings(answer) {
  const wrong = answer.marks.filter(([, , outcome]) => outcome === "contradicted" || outcome === "invented").map(([, , , note]) => note);
  const items = [...wrong, ...answer.failed].map((text) => element("li", { className: "bad", textContent: text }));
  if (!answer.failed.length) items.push(element("li", { className: "good", textContent: "passes its checks" }));
  items.push(...answer.doubts.map((text) => element("li", { textContent: text })));
  return element("ul", { className: "tags" }, ...items);
}

function clips() {
  return [1, 2].map((side) => {
    const address = `${encodeURIComponent(row.id)}/${side}`;
    const caption = element("p", { className: "caption", hidden: true, textContent: row[`caption${side}`] });
    return clip(side, `recording/${address}`, `picture/${address}`, side, caption);
  });
}

function show({ row: next, progress, reviewer }) {
  row = next;
  at("progress").textContent = `${reviewer}: ${progress.mine} by you; ${progress.done} of ${progress.rows} decided`;
  at("undo").hidden = progress.mine === 0;
  showPart(row ? "row" : "end");
  close();
  at("comment").value = "";
  at("clips").replaceChildren();
  startTime();
  if (!row) return;
  at("tier").textContent = row.tier;
  at("row-id").textContent = row.id;
  at("request").textContent = row.request;
  at("clips").replaceChildren(...clips());
  press("captions", false);
  at("measured").textContent = `Measured: ${row.measured.join(", ")}`;
  at("measured").hidden = !row.measured.length;
  at("answer").replaceChildren(element("p", { className: "text" }, ...markedText(row.answer)), findings(row.answer));
  if (isPressed("match")) matchLoudness();
  const draft = kept.get(mine("draft"));
  if (draft && draft.row === row.id) openEdit(draft.text);
  else at("row").focus({ preventScroll: true });
  scrollTo(0, 0);
}

const gains = () => ask(`gains/${encodeURIComponent(row.id)}`);

function showCaptions() {
  press("captions", !isPressed("captions"));
  for (const caption of document.querySelectorAll(".caption")) caption.hidden = !isPressed("captions");
}

// Deciding.
function close() {
  at("editing").hidden = at("rejecting").hidden = true;
  at("reason").value = "";
}

function leave() {
  kept.drop(mine("draft"));
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
  kept.set(mine("draft"), { row: asked, text });
  await wait(300);
  if (number !== checking || at("editing").hidden) return;
  const { answer, difference } = await ask("check", { row: asked, answer: text });
  if (number !== checking || !row || row.id !== asked) return;
  const tags = { same: "span", gone: "del", new: "ins" };
  const pieces = difference.map(([kind, words]) => element(tags[kind], { textContent: words }));
  at("edited").replaceChildren(element("p", { className: "text" }, ...pieces), findings(answer));
}

async function send(decision) {
  kept.set(mine("pending"), decision);
  let next;
  try {
    next = await ask("decide", decision);
  } catch (fault) {
    if (fault.status !== 401) kept.drop(mine("pending"));
    if (!row && fault.status === 409) show(await ask("row"));
    throw fault;
  }
  kept.drop(mine("pending"));
  kept.drop(mine("draft"));
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

const KEYS = {
  1: () => play(1), 2: () => play(2), l: loop, c: showCaptions, a: () => decide("accept"), e: () => openEdit(), r: openReject,
  s: () => decide("skip"), n: () => at("comment").focus(), ArrowLeft: () => seek(-2), ArrowRight: () => seek(2),
  m: () => at("match").click(),
};

document.addEventListener("keydown", (event) => {
  if (at("keys").open) return;
  if (event.key === "Escape" && row) {
    event.preventDefault();
    if (!at("editing").hidden || !at("rejecting").hidden) leave();
    else at("row").focus({ preventScroll: true });
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !at("editing").hidden) return at("editing").requestSubmit();
  const key = singleKey(event);
  const act = key === "?" ? () => at("keys").showModal() : key === "u" ? undo : row ? KEYS[key] : null;
  if (!act) return;
  event.preventDefault();
  act();
});

at("editing").addEventListener("submit", (event) => { event.preventDefault(); decide("edit", { answer: at("edit").value }); });
at("rejecting").addEventListener("submit", (event) => { event.preventDefault(); decide("reject", { reason: at("reason").value }); });
at("edit").addEventListener("input", check);
for (const button of document.querySelectorAll(".leave")) button.addEventListener("click", leave);
at("accept").addEventListener("click", () => decide("accept"));
at("skip").addEventListener("click", () => decide("skip"));
at("open-edit").addEventListener("click", () => openEdit());
at("open-reject").addEventListener("click", openReject);
at("undo").addEventListener("click", undo);
at("captions").addEventListener("click", showCaptions);
at("show-keys").addEventListener("click", () => at("keys").showModal());

enterOrBegin();
