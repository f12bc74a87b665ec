/* The log as this page has it: events are folded in the order of their numbers, whatever order they come in.
 *
 * `receive(event)`: what came before is ignored, what comes too early waits. `missing` says since which number something is not there;
 * whoever reads the line asks again from there. `renew(state)` puts a fresh state under what was received since.
 */

import { fold, opened } from "./fold.js";

const KEPT = 500; // events that a fresh state may turn out to be older than

export class RoomLog {
  constructor(state) {
    this.room = opened(state);
    this.early = new Map();
    this.recent = [];
  }

  get state() {
    return this.room.state;
  }

  get seq() {
    return this.room.state.seq;
  }

  get stale() {
    return this.room.stale;
  }

  /** Whether later events wait for one that did not come. */
  get missing() {
    return this.early.size > 0;
  }

  /** Answers the events that were folded by this one, in order. */
  receive(event) {
    if (event.seq > this.seq) this.early.set(event.seq, event);
    return this.#foldWhatFollows();
  }

  /** True unless the state is too old to be continued: then the log is read again from it. */
  renew(state) {
    const later = this.recent.filter((event) => event.seq > state.seq);
    const continued = state.seq >= this.seq || later[0]?.seq === state.seq + 1;
    for (const event of later) this.early.set(event.seq, event);
    for (const seq of this.early.keys()) if (seq <= state.seq) this.early.delete(seq);
    const gone = state.seq > this.seq ? new Map() : this.room.gone; // what happened to them unseen is not known
    this.room = { ...opened(state), gone };
    for (const note of state.notes) gone.delete(note.id);
    this.recent = [];
    this.#foldWhatFollows();
    return continued;
  }

  #foldWhatFollows() {
    const folded = [];
    for (let event; (event = this.early.get(this.seq + 1)); ) {
      this.early.delete(event.seq);
      fold(this.room, event);
      this.recent.push(event);
      folded.push(event);
    }
    if (this.recent.length > KEPT) this.recent = this.recent.slice(-KEPT);
    return folded;
  }
}
