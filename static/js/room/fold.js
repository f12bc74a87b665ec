/* What an event does to the room as its reader sees it: the twin of tasks/rules/board_events.py and of tasks/queries/rooms.py.
 *
 * `state` is what /api/v1/workshops/<id>/state/ answers. `opened(state)` makes a room of it, `fold(room, event)` takes the next event and
 * changes `room.state`; notes and groups that change become new objects, so that who draws sees by identity what to touch.
 * What was told without words cannot be folded: then `room.stale` is set, and a fresh state is needed. No DOM, no clock, no network.
 */

const MOST_CHAT = 200;
const MOST_DONE = 20;
const UNDOABLE = new Set(["note.add", "note.edit", "note.move", "note.delete", "group.add", "group.edit"]);
const COUNTED = new Set(["discuss", "decide", "wrap", "ended"]); // phases in which the votes of all are told

export function opened(state) {
  return { state, gone: new Map(), stale: false };
}

export const byPlace = (a, b) => (a.index < b.index ? -1 : a.index > b.index ? 1 : a.id - b.id);

export function fold(room, event) {
  const { state } = room;
  if (isVeiled(event)) {
    count(state, event.kind === "undo" ? event.effect : event.kind);
  } else {
    let { kind, payload } = event;
    if (kind === "undo") {
      if (event.actor === state.me.member) state.me.done = state.me.done.filter((one) => one.seq !== payload.seq);
      ({ kind, payload } = payload);
    } else if (UNDOABLE.has(kind) && event.actor === state.me.member) {
      state.me.done = [...state.me.done, { seq: event.seq, kind }].slice(-MOST_DONE);
    }
    if (HOW[kind]) HOW[kind](room, payload, event);
    else room.stale = true; // an older page, a newer server
  }
  state.seq = event.seq;
}

/** Told without words, since it is kept from this reader for now. */
const isVeiled = (event) => event.actor === null && Object.keys(event.payload).length === 0;

function count(state, kind) {
  if (kind === "note.add" || kind === "note.restore") state.hidden_notes += 1;
  else if (kind === "note.delete") state.hidden_notes -= 1;
}

const HOW = {
  "phase.move": (room, said, event) => {
    const { state } = room;
    // The reveal shows what was hidden, and the end of the vote what everybody chose.
    if (state.hidden_notes || (COUNTED.has(said.to) && state.votes.totals === null)) room.stale = true;
    state.phase = said.to;
    state.deadline = said.deadline ?? null;
    state.hidden_notes = 0;
    state.lead ||= event.actor;
    if (said.to === "diverge") state.round += 1;
    if (said.to === "ended") {
      Object.assign(state, { live: false, suspended: false });
      state.recording = { ...state.recording, state: "off" };
    }
    if (!COUNTED.has(said.to)) state.votes.totals = null;
  },
  "timer.set": ({ state }, said) => (state.deadline = said.deadline),
  "room.suspend": ({ state }) => Object.assign(state, { suspended: true, deadline: null }),
  "room.resume": ({ state }, said) => Object.assign(state, { suspended: false, deadline: said.deadline }),
  "lead.pass": ({ state }, said) => (state.lead = said.to),
  "recording.ask": ({ state }, said, event) => (state.recording = { state: "asked", agreed: [event.actor] }),
  "recording.agree": ({ state }, said, event) => {
    state.recording = { ...state.recording, agreed: [...new Set([...state.recording.agreed, event.actor])].sort((a, b) => a - b) };
  },
  "recording.refuse": ({ state }) => (state.recording = { state: "off", agreed: [] }),
  "recording.start": ({ state }) => (state.recording = { ...state.recording, state: "on" }),
  "recording.pause": ({ state }) => (state.recording = { ...state.recording, state: "asked" }),
  "recording.stop": ({ state }) => (state.recording = { state: "off", agreed: [] }),

  "note.add": ({ state }, said, event) => {
    stand(state, {
      id: event.seq,
      text: said.text,
      group: said.group ?? null,
      index: said.index,
      image: said.image ?? null,
      behalf: said.behalf ?? "",
      version: 1,
      mine: event.actor === state.me.member,
      author: event.actor,
      hold: null,
    });
  },
  "note.edit": (room, said) => change(room, said.note, (note) => ({ text: said.text, version: note.version + 1, hold: null })),
  "note.move": (room, said) => change(room, said.note, () => ({ group: said.group, index: said.index })),
  "note.delete": (room, said) => {
    const { state } = room;
    const note = noteOf(state, said.note);
    if (!note) return void (room.stale = true);
    room.gone.set(note.id, note);
    state.notes = state.notes.filter((one) => one !== note);
    giveBack(state, note.id);
  },
  "note.restore": (room, said) => {
    const note = room.gone.get(said.note);
    if (!note) return void (room.stale = true);
    room.gone.delete(note.id);
    stand(room.state, note);
  },
  "note.hold": (room, said, event) => change(room, said.note, () => ({ hold: { by: event.actor, until: said.until } })),
  "note.release": (room, said) => change(room, said.note, () => ({ hold: null })),

  "group.add": (room, said, event) => {
    const { state } = room;
    state.groups = [...state.groups, { id: event.seq, name: said.name, index: said.index }].sort(byPlace);
    for (const note of said.notes ?? []) change(room, note, () => ({ group: event.seq }));
  },
  "group.edit": ({ state }, said) => {
    state.groups = state.groups.map((one) => (one.id === said.group ? { ...one, name: said.name } : one));
  },
  "group.delete": (room, said) => {
    leaveGroup(room, said.group, null);
    giveBack(room.state, said.group);
  },
  "group.merge": (room, said) => {
    const { mine } = room.state.votes;
    leaveGroup(room, said.group, said.into);
    const both = (mine[said.group] ?? 0) + (mine[said.into] ?? 0);
    delete mine[said.group];
    if (both) mine[said.into] = Math.min(both, said.most);
    countLeft(room.state);
  },

  "picture.add": ({ state }, said, event) => {
    const { image, text, width, height } = said;
    const made = { id: event.seq, image, text, width, height, mine: event.actor === state.me.member, author: event.actor, pins: [] };
    state.pictures = [...state.pictures, made];
  },
  "picture.delete": ({ state }, said) => (state.pictures = state.pictures.filter((one) => one.id !== said.picture)),
  "pin.add": ({ state }, said, event) => {
    const { number, x, y, text } = said;
    const pin = { id: event.seq, number, x, y, text, mine: event.actor === state.me.member, author: event.actor };
    state.pictures = state.pictures.map((one) => (one.id === said.picture ? { ...one, pins: [...one.pins, pin] } : one));
  },
  "pin.delete": ({ state }, said) => {
    state.pictures = state.pictures.map((one) => ({ ...one, pins: one.pins.filter((pin) => pin.id !== said.pin) }));
  },

  "vote.cast": ({ state }, said) => {
    state.votes.mine[said.on] = (state.votes.mine[said.on] ?? 0) + 1;
    countLeft(state);
  },
  "vote.take_back": ({ state }, said) => {
    state.votes.mine[said.on] -= 1;
    if (!state.votes.mine[said.on]) delete state.votes.mine[said.on];
    countLeft(state);
  },
  "vote.abstain": ({ state }, said, event) => {
    if (event.actor !== state.me.member) return;
    state.votes.mine = {};
    state.me.abstains = true;
    countLeft(state);
  },

  "hand.raise": ({ state }, said, event) => {
    if (event.actor && !state.hands.includes(event.actor)) state.hands = [...state.hands, event.actor];
  },
  "hand.lower": ({ state }, said) => (state.hands = state.hands.filter((member) => member !== said.member)),
  "chat.say": ({ state }, said, event) => {
    state.chat = [...state.chat, { id: event.seq, by: event.actor, text: said.text, at: event.at }].slice(-MOST_CHAT);
  },
  "link.share": ({ state }, said, event) => {
    state.links = [...state.links, { id: event.seq, by: event.actor, url: said.url, title: said.title }];
  },
  "question.ask": ({ state }, said, event) => {
    state.questions = [...state.questions, { id: event.seq, by: event.actor, text: said.text, up: [], answered: false }];
  },
  "question.up": ({ state }, said, event) => {
    const others = (up) => up.filter((member) => member !== (event.actor ?? 0));
    const more = (up) => (said.down ? others(up) : [...others(up), event.actor ?? 0].sort((a, b) => a - b));
    state.questions = state.questions.map((one) => (one.id === said.question ? { ...one, up: more(one.up) } : one));
  },
  "question.answered": ({ state }, said) => {
    state.questions = state.questions.map((one) => (one.id === said.question ? { ...one, answered: true } : one));
  },
  "decision.make": ({ state }, said, event) => {
    const made = { group: said.group, verdict: said.verdict, why: said.why, by: event.actor, dissent: [] };
    const anew = state.decisions.some((one) => one.group === said.group);
    state.decisions = anew ? state.decisions.map((one) => (one.group === said.group ? made : one)) : [...state.decisions, made];
  },
  "decision.dissent": ({ state }, said, event) => {
    const one = { by: event.actor ?? 0, text: said.text };
    const put = (all) => (all.some((other) => other.by === one.by) ? all.map((other) => (other.by === one.by ? one : other)) : [...all, one]);
    state.decisions = state.decisions.map((made) => (made.group === said.group ? { ...made, dissent: put(made.dissent) } : made));
  },
  "action.add": ({ state }, said, event) => {
    const { text, owner, due } = said;
    state.actions = [...state.actions, { id: event.seq, text, owner, due, group: said.group ?? null }];
  },
  "action.drop": ({ state }, said) => (state.actions = state.actions.filter((one) => one.id !== said.action)),
};

const noteOf = (state, id) => state.notes.find((note) => note.id === id);

function stand(state, note) {
  state.notes = [...state.notes, note].sort(byPlace);
}

/** Change a note that is seen; one that is not was told without words. */
function change(room, id, how) {
  const { state } = room;
  const note = noteOf(state, id);
  if (!note) return void (room.stale = true);
  const changed = { ...note, ...how(note) };
  state.notes = state.notes.map((one) => (one === note ? changed : one));
  if (changed.index !== note.index) state.notes.sort(byPlace);
}

/** All notes of a group go elsewhere, those too that were taken off the board and may come back. */
function leaveGroup(room, group, into) {
  const elsewhere = (note) => (note.group === group ? { ...note, group: into } : note);
  room.state.groups = room.state.groups.filter((one) => one.id !== group);
  room.state.notes = room.state.notes.map(elsewhere);
  for (const [id, note] of room.gone) room.gone.set(id, elsewhere(note));
}

function giveBack(state, thing) {
  delete state.votes.mine[thing];
  if (state.votes.totals) delete state.votes.totals[thing];
  countLeft(state);
}

function countLeft({ me, votes }) {
  const cast = Object.values(votes.mine).reduce((sum, one) => sum + one, 0);
  me.votes_left = Math.max(0, me.votes_each - cast);
}
