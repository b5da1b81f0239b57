// Where the page's trials come from and answers go: a server.
const backend = {
  state: () => ask("state"),
  consent: () => ask("consent", {}),
  answer: (told) => ask("answer", told),
  undo: () => ask("undo", {}),
  gains: (trial) => ask(`gains/${trial}`),
  sound: (trial, side) => `recording/${trial}/${side}`,
  picture: (trial, side) => `picture/${trial}/${side}`,
  begin: enterOrBegin,
};
