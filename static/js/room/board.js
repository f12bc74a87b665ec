/* The board drawn from the state: groups, notes, own votes. Patterns of the server are cloned, what is there already is kept and only what
 * changed is touched; so focus, typed words and unfolded parts stay where they are.
 *
 * `draw({state, view})` takes the state and what `pending.js` makes of it.
 */

import { serverNow } from "./clock.js";
import { graft, isTyped } from "./graft.js";
import { clone, hide, number, write } from "./patterns.js";
import { drawPictures, refitPictures } from "./pictures.js";
import { say } from "./words.js";

const QUICK = { duration: 180, easing: "cubic-bezier(0.2, 0, 0.2, 1)" };
const MOST_ANIMATED = 200;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const find = (name) => document.querySelector(name);

export class Board {
  #drawn = new Map(); // note → what was drawn of it
  #expiry = 0;

  /** `lost(sentence, text)` takes words whose field is gone; `addressOf(image)` is where a file of the room lies. */
  constructor(lost, addressOf) {
    Object.assign(this, { lost, addressOf });
  }

  get root() {
    return find("#board");
  }

  draw({ state, view }) {
    this.state = state;
    this.names = new Map(state.people.map((one) => [one.member, one]));
    const before = this.#places(view.notes);
    this.#drawGroups(view);
    this.#drawNotes(view);
    drawPictures(this.root, state.pictures, this.#nameOf, this.addressOf);
    this.#drawGaps();
    this.#drawTools(view);
    this.#animate(before);
    this.#lookAgainWhenHoldsEnd();
  }

  /** The patterns changed with the phase: every note and group is brought to the new ones. */
  refit() {
    for (const old of this.root.querySelectorAll("[data-note], .clusters > [data-group]")) {
      const fresh = old.dataset.note ? this.#cloneNote(this.#noteOf(old.dataset.note)) : this.#cloneGroup(old.dataset.group);
      if (fresh) graft(old, fresh, (text) => this.lost(say("page-changed"), text));
    }
    this.#drawn.clear();
    refitPictures(this.root, this.state?.pictures ?? [], (text) => this.lost(say("page-changed"), text));
  }

  #noteOf(id) {
    return this.state?.notes.find((note) => String(note.id) === id);
  }

  #drawGroups({ groups }) {
    const holder = this.root.querySelector(".clusters");
    const parts = groups.map((group) => document.getElementById(`g${group.id}`) ?? this.#cloneGroup(group.id));
    for (const old of [...holder.children]) {
      if (parts.includes(old)) continue;
      // Its notes are still there: they are put elsewhere by drawNotes.
      this.root.querySelector(".loose > .slips").append(...old.querySelectorAll("[data-note]"));
      this.#remove(old);
    }
    align(holder, parts);
    groups.forEach((group, place) => this.#fillGroup(parts[place], group));
  }

  #fillGroup(part, group) {
    const { votes, decisions } = this.state;
    write(part.querySelector("h2"), group.name);
    const lanes = votes.totals?.[group.id] ?? { owners: 0, staff: 0 };
    write(part.querySelector(":scope > header .owners b"), lanes.owners);
    write(part.querySelector(":scope > header .staff b"), lanes.staff);
    const made = decisions.find((one) => one.group === group.id);
    const old = part.querySelector(":scope > .decided");
    if (made) {
      const fresh = this.#decided(made);
      if (!old) part.querySelector(".slips").after(fresh);
      else if (!old.isEqualNode(fresh)) old.replaceWith(fresh);
    } else old?.remove();
    hide(part.querySelector(".decide .first"), Boolean(made));
    hide(part.querySelector(".decide .anew"), !made);
    hide(part.querySelector(".dissents"), !made);
  }

  #decided(made) {
    const part = clone("decided");
    part.className = `decided ${made.verdict}`;
    write(part.querySelector("b"), say(`verdict-${made.verdict}`));
    write(part.querySelector(".why"), made.why);
    const pattern = part.querySelector(".dissent");
    pattern.remove();
    for (const one of made.dissent) {
      const line = pattern.cloneNode(true);
      write(line.querySelector(".by"), this.#nameOf(one.by));
      write(line.querySelector(".how"), one.text);
      part.append(line);
    }
    return part;
  }

  #drawNotes({ notes, groups, mine, left }) {
    const stands = new Set(groups.map((group) => group.id));
    const rows = new Map([[null, []], ...groups.map((group) => [group.id, []])]);
    const shown = new Set();
    for (const note of notes) {
      const part = document.getElementById(`n${note.id}`) ?? this.#cloneNote(note);
      this.#fillNote(part, note);
      shown.add(part);
      rows.get(stands.has(note.group) ? note.group : null).push(part);
    }
    for (const old of this.root.querySelectorAll("[data-note]")) if (!shown.has(old)) this.#remove(old);
    for (const [group, parts] of rows) align(this.root.querySelector(group ? `#g${group} > .slips` : ".loose > .slips"), parts);
    const options = groups.map((group) => `${group.id} ${group.name}`).join("\n");
    for (const select of this.root.querySelectorAll(".move select")) syncGroups(select, groups, options);
    hide(this.root.querySelector(".nothing"), notes.length + groups.length > 0);
    for (const part of this.root.querySelectorAll(".voting")) {
      const on = part.querySelector("[name=on]").value;
      const own = mine[on] ?? 0;
      write(part.querySelector(".own-votes"), own ? ` · ${own}` : "");
      part.querySelector(".vote").disabled = !left;
      hide(part.querySelector(".back"), !own);
    }
  }

  /** A note that was on its way has its number now, and stays where it is. */
  arrived(op_id, id) {
    const old = document.getElementById(`n${op_id}`);
    if (!old) return;
    const fresh = this.#cloneNote({ id, mine: true });
    write(fresh.querySelector(".words"), old.querySelector(".words").textContent);
    old.replaceWith(fresh);
    this.#drawn.delete(op_id);
  }

  #fillNote(part, note) {
    const author = this.names.get(note.author);
    const held = note.hold && note.hold.by !== this.state.me.member && Date.parse(note.hold.until) > serverNow();
    const stamp = `${author?.name} ${held}`;
    const drawn = this.#drawn.get(note.id);
    if (drawn?.note === note && drawn.stamp === stamp && drawn.part === part) return;
    this.#drawn.set(note.id, { note, stamp, part });
    write(part.querySelector(".words"), note.text);
    this.#fillPicture(part.querySelector(".note-picture"), note.image);
    part.classList.toggle("mine", note.mine);
    part.classList.toggle("of-owner", author?.role === "koc");
    part.classList.toggle("of-staff", Boolean(author) && author.role !== "koc");
    part.classList.toggle("on-its-way", Boolean(note.pending));
    part.classList.toggle("leaving", Boolean(note.leaving));
    write(part.querySelector(".whose"), note.pending ? say("on-its-way") : note.behalf || author?.name || (note.mine ? say("you") : ""));
    const writing = part.querySelector(".writing");
    hide(writing, !held);
    if (held) write(writing, say("writing", { name: this.#nameOf(note.hold.by) }));
    const isNew = typeof note.id === "string"; // it has no number yet by which it could be moved
    hide(part.querySelector(".grip"), isNew);
    hide(part.querySelector(".note-more"), isNew);
    hide(part.querySelector(".voting"), note.group !== null);
    const lanes = this.state.votes.totals?.[note.id];
    hide(part.querySelector(".lanes"), note.group !== null || !lanes);
    write(part.querySelector(".lanes .owners b"), lanes?.owners ?? 0);
    write(part.querySelector(".lanes .staff b"), lanes?.staff ?? 0);
    this.#fillForms(part, note);
  }

  #fillPicture(link, image) {
    hide(link, !image);
    const address = image ? this.addressOf(image) : "";
    if (!image || link.getAttribute("href") === address) return;
    link.href = address;
    link.querySelector("img").src = `${address}?small`;
  }

  /** Fields follow what is there, until somebody writes in them. */
  #fillForms(part, note) {
    part.dataset.version = note.version;
    const words = part.querySelector(".edit [name=text]");
    if (words && !isTyped(words)) {
      words.value = words.defaultValue = note.text;
      part.querySelector(".edit [name=version]").value = note.version;
    }
    const select = part.querySelector(".move select");
    if (select && select !== document.activeElement) {
      for (const option of select.options) option.defaultSelected = option.value === String(note.group ?? "");
      select.value = String(note.group ?? "");
    }
  }

  #nameOf = (member) => this.names.get(member)?.name ?? say("somebody");

  #drawGaps() {
    const { votes, groups } = this.state;
    const rows = groups
      .map((group) => ({ name: group.name, owners: 0, staff: 0, ...votes.totals?.[group.id] }))
      .filter((one) => votes.totals && one.owners !== one.staff)
      .sort((a, b) => Math.abs(b.owners - b.staff) - Math.abs(a.owners - a.staff))
      .slice(0, 5);
    const part = this.root.querySelector(".gaps");
    hide(part, !rows.length);
    const most = Math.max(...rows.map((one) => one.owners + one.staff), 1);
    part.querySelector("ul").replaceChildren(...rows.map((one) => gap(one, most)));
  }

  #drawTools({ left }) {
    const { state, root } = this;
    const count = root.querySelector(".hidden-notes");
    hide(count, !state.hidden_notes);
    write(count.querySelector("span"), say("hidden", { n: state.hidden_notes }));
    write(root.querySelector(".votes-left"), say("votes-left", { n: left }));
    hide(root.querySelector(".abstain"), state.me.abstains);
    const up = state.hands.includes(state.me.member);
    hide(root.querySelector(".hand-raise"), up);
    hide(root.querySelector(".hand-lower"), !up);
  }

  #cloneGroup(id) {
    return number(clone("group"), id);
  }

  #cloneNote(note) {
    if (!note) return null;
    return number(clone(note.mine ? "mine" : "other"), note.id);
  }

  /** Words that somebody was writing in a note that is gone go back to them (W6). */
  #remove(part) {
    for (const field of part.querySelectorAll("textarea")) if (isTyped(field) && field.value.trim()) this.lost(say("gone"), field.value);
    this.#drawn.delete(Number(part.dataset.note));
    part.remove();
  }

  /** Where notes stood that will stand elsewhere, for those who watch (W3). */
  #places(notes) {
    if (still.matches || notes.length > MOST_ANIMATED) return null;
    const places = new Map();
    for (const note of notes) {
      const drawn = this.#drawn.get(note.id);
      if (drawn && (drawn.note.group !== note.group || drawn.note.index !== note.index)) places.set(drawn.part, drawn.part.getBoundingClientRect());
    }
    return places;
  }

  #animate(before) {
    for (const [part, was] of before ?? []) {
      const now = part.getBoundingClientRect();
      const [x, y] = [was.left - now.left, was.top - now.top];
      if (part.isConnected && (x || y)) part.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], QUICK);
    }
  }

  /** A hold that nobody renews runs out without an event. */
  #lookAgainWhenHoldsEnd() {
    clearTimeout(this.#expiry);
    const ends = this.state.notes.filter((note) => note.hold).map((note) => Date.parse(note.hold.until) - serverNow());
    const next = Math.min(...ends.filter((left) => left > 0));
    if (Number.isFinite(next)) this.#expiry = setTimeout(() => this.again?.(), next + 50);
  }
}

function gap(one, most) {
  const part = clone("gap");
  write(part.querySelector(".name"), one.name);
  part.querySelector("svg").setAttribute("viewBox", `0 0 ${most} 1`);
  part.querySelector("rect.owners").setAttribute("width", one.owners);
  part.querySelector("rect.staff").setAttribute("x", one.owners);
  part.querySelector("rect.staff").setAttribute("width", one.staff);
  const more = one.owners - one.staff;
  write(part.querySelector("b"), say(more > 0 ? "more-owners" : "more-staff", { n: Math.abs(more) }));
  return part;
}

/** Put children in this order, moving as few as may be; what is written in one of them keeps its cursor. */
function align(holder, parts) {
  let next = holder.firstElementChild;
  for (const part of parts) {
    if (part === next) {
      next = next.nextElementSibling;
      continue;
    }
    const field = part.contains(document.activeElement) ? document.activeElement : null;
    const cursor = field?.matches("textarea, input:not([type=hidden])") ? [field.selectionStart, field.selectionEnd] : null;
    holder.insertBefore(part, next);
    if (field && field !== document.activeElement) {
      field.focus({ preventScroll: true });
      if (cursor) field.setSelectionRange(...cursor);
    }
  }
}

function syncGroups(select, groups, wanted) {
  if (select === document.activeElement || select.dataset.groups === wanted) return;
  select.dataset.groups = wanted;
  const chosen = select.value;
  const options = groups.map((group) => new Option(group.name, group.id));
  select.replaceChildren(select.options[0], ...options);
  if ([...select.options].some((option) => option.value === chosen)) select.value = chosen;
}
