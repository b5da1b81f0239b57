// The answer's text with its claims marked. Places count characters, of which some are two units of a string.
function markedText(answer) {
  const characters = [...answer.text];
  const parts = [];
  let place = 0;
  for (const [start, end, outcome, note] of answer.marks) {
    parts.push(characters.slice(place, start).join(""));
    parts.push(element("mark", { className: outcome, title: note, textContent: characters.slice(start, end).join("") }));
    place = end;
  }
  return [...parts, characters.slice(place).join("")];
}
