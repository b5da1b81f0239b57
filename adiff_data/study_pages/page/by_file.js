// Where the page's trials come from and answers go: this file, and the browser, from which they are saved as a file.
const given = JSON.parse(at("data").textContent);
const keptUnder = `${given.id} ${given.sheet}`;
const said = kept.get(keptUnder) ?? { rater: newKey(), consented: null, answers: [] };
const now = () => Date.now() / 1000;

const backend = {
  state: async () => ({
    study: given.study,
    rater: "",
    consented: said.consented !== null,
    done: said.answers.length,
    trials: given.trials.length,
    trial: given.trials[said.answers.length] ?? null,
  }),
  consent() { said.consented = now(); return this.keep(); },
  answer(told) {
    if (!said.answers.some(({ key }) => key === told.key)) said.answers.push({ ...told, time: now() });
    return this.keep();
  },
  undo() { said.answers.pop(); return this.keep(); },
  async keep() {
    if (!kept.set(keptUnder, said)) tell("This browser keeps nothing: do not close the page before you have saved your answers.");
    return this.state();
  },
  gains: async (trial) => given.trials[trial].gains,
  sound: (trial, side) => given.clips[given.trials[trial].clips[side - 1]].sound,
  picture: (trial, side) => given.clips[given.trials[trial].clips[side - 1]].picture,
  save() {
    const content = JSON.stringify({ format: 1, study: given.id, sheet: given.sheet, ...said }, null, 1);
    const address = URL.createObjectURL(new Blob([content], { type: "application/json" }));
    element("a", { href: address, download: `answers-${given.sheet + 1}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    at("said").textContent = "saved";
  },
  begin: () => run(begin),
};
