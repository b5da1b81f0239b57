// Which rows are chosen, and in which order.
const FILTERS = ["group", "failure", "system", "sort", "direction", "find"];
const FAILURES = {
  all: () => true,
  failed: (answer) => !answer.passed,
  contradicted: (answer) => answer.contradicted === true,
  side: (answer) => answer.right_side === false,
  unheard: (answer) => answer.unheard.length > 0,
  empty: (answer) => !answer.text.trim(),
  passed: (answer) => answer.passed && answer.right_side !== false && answer.contradicted !== true && answer.unheard.length === 0,
};
const groupOf = (row) => `${row.dataset} ${row.tier}`;
const labelOf = (row) => data.labels[groupOf(row)] ?? groupOf(row);

function addFilterOptions() {
  const labels = new Map(data.rows.map((row) => [groupOf(row), labelOf(row)]));
  addOptions(at("group"), [["all", "all tiers"], ...labels]);
  addOptions(at("system"), data.systems.map((name, number) => [String(number), name]));
  const difference = data.systems.length > 1 ? [["difference", `difference from ${data.systems[0]}`]] : [];
  addOptions(at("sort"), [["file", "as in the file"], ...data.metrics.map((name) => [name, name]), ["length", "words"], ...difference]);
  return Object.fromEntries(FILTERS.map((id) => [id, at(id).value]));
}
const defaults = addFilterOptions();
const isActive = (id) => at(id).value !== defaults[id];

function mentions(row, words) {
  const texts = [row.id, row.path1, row.path2, row.caption1, row.caption2, ...row.references, ...row.answers.map((answer) => answer.text)];
  return texts.some((text) => text.toLowerCase().includes(words));
}

function sortValue(row, system, metric) {
  if (metric === "difference") {
    const name = data.metrics.includes("ROUGE-L") ? "ROUGE-L" : data.metrics[0];
    return (row.answers[system].scores[name] ?? NaN) - (row.answers[0].scores[name] ?? NaN);
  }
  if (metric === "length") return row.answers[system].text.split(/\s+/).length;
  return row.answers[system].scores[metric] ?? NaN;
}

function sortRows(rows, system, metric, direction) {
  const sign = direction === "up" ? 1 : -1;
  const rank = (row) => { const value = sortValue(row, system, metric); return Number.isNaN(value) ? Infinity : sign * value; };
  const ranks = new Map(rows.map((row) => [row, rank(row)]));
  return rows.sort((row, next) => (ranks.get(row) === ranks.get(next) ? 0 : ranks.get(row) - ranks.get(next)));
}

function chosenRows() {
  const system = Number(at("system").value);
  const words = at("find").value.toLowerCase();
  const fails = FAILURES[at("failure").value];
  const group = at("group").value;
  const rows = data.rows.filter((row) => (group === "all" || groupOf(row) === group) && fails(row.answers[system]) && (!words || mentions(row, words)));
  return at("sort").value === "file" ? rows : sortRows(rows, system, at("sort").value, at("direction").value);
}
