/* What stands on the board once everything on its way has arrived, as far as this page can know: for the eyes only, never for the log. */

/** `{notes, groups, mine, left}`: notes with `pending` set are not there yet, or not there like that. */
export function shownWith(state, entries) {
  let { notes } = state;
  let mine = state.votes.mine;
  let left = state.me.votes_left;
  const change = (id, how) => (notes = notes.map((note) => (note.id === id ? { ...note, ...how(note), pending: true } : note)));
  for (const { op_id, kind, payload } of entries) {
    if (kind === "note.add") notes = [...notes, written(op_id, payload, state)];
    else if (kind === "note.edit") change(payload.note, () => ({ text: payload.text }));
    else if (kind === "note.move") notes = moved(notes, payload);
    else if (kind === "note.delete") change(payload.note, () => ({ leaving: true }));
    else if (kind === "vote.cast") {
      mine = { ...mine, [payload.on]: (mine[payload.on] ?? 0) + 1 };
      left = Math.max(0, left - 1);
    }
  }
  return { notes, groups: state.groups, mine, left };
}

function written(op_id, payload, state) {
  const { member } = state.me;
  const group = payload.group ?? null;
  return {
    id: op_id, text: payload.text, group, index: "~", image: null, behalf: payload.behalf ?? "", version: 1,
    mine: true, author: member, hold: null, pending: true,
  }; // prettier-ignore
}

/** In its new place among those that are shown; the server finds the true one. */
function moved(notes, { note: id, group, after }) {
  const note = notes.find((one) => one.id === id);
  if (!note) return notes;
  const rest = notes.filter((one) => one !== note);
  const spot = after === 0 ? 0 : rest.findIndex((one) => one.id === after) + 1 || rest.length;
  const index = spot ? rest[spot - 1].index : "";
  return [...rest.slice(0, spot), { ...note, group, index, pending: true }, ...rest.slice(spot)];
}
