/* Commands on their way: kept in this browser under their op_id until the log has them, so that no dropped line, reload or closed tab
 * loses one and none is written twice. One entry of the storage each: two tabs do not overwrite each other's.
 *
 * An entry is `{op_id, kind, payload, at}`; `seq` is there once the server acknowledged it, and it leaves when its event is folded.
 */

const AT_ONCE = 8; // sent and not answered yet
const BURST = 40; // below what a socket may send
const EVERY = 70; // milliseconds in which one more may be sent

export class Outbox {
  constructor(storage, prefix, send) {
    this.storage = storage;
    this.prefix = prefix;
    this.send = send;
    this.entries = new Map();
    this.sent = new Set();
    this.budget = BURST;
    this.counted = Date.now();
    for (const entry of this.#stored()) this.entries.set(entry.op_id, entry);
  }

  /** In the order in which they were given. */
  get all() {
    return [...this.entries.values()];
  }

  /** How many the server has not acknowledged. */
  get waiting() {
    return this.all.filter((entry) => !entry.seq).length;
  }

  put(kind, payload) {
    const entry = { op_id: crypto.randomUUID?.() ?? uuid(), kind, payload, at: Date.now() };
    this.entries.set(entry.op_id, entry);
    this.#keep((storage) => storage.setItem(this.prefix + entry.op_id, JSON.stringify(entry)));
    this.flush();
    return entry;
  }

  /** A new line: whatever was not answered is sent again, under the same op_id. */
  again() {
    this.sent.clear();
    this.flush();
  }

  flush() {
    for (const entry of this.all) {
      if (entry.seq || this.sent.has(entry.op_id)) continue;
      if (this.sent.size >= AT_ONCE || !this.#mayNow() || !this.send(entry)) return;
      this.sent.add(entry.op_id);
      this.budget -= 1;
    }
  }

  /** Slower than the server would refuse. */
  #mayNow() {
    const now = Date.now();
    const more = Math.floor((now - this.counted) / EVERY);
    this.budget = Math.min(BURST, this.budget + more);
    this.counted += more * EVERY;
    clearTimeout(this.timer);
    if (this.budget <= 0) this.timer = setTimeout(() => this.flush(), EVERY);
    return this.budget > 0;
  }

  /** The log has it under this number; it is shown as on its way until that event is folded. */
  acknowledge(op_id, seq) {
    this.sent.delete(op_id);
    const entry = this.entries.get(op_id);
    if (entry) entry.seq = seq;
    this.#keep((storage) => storage.removeItem(this.prefix + op_id));
    this.flush();
  }

  /** Answers what was refused, for whoever hands its words back. */
  refuse(op_id) {
    this.sent.delete(op_id);
    const entry = this.entries.get(op_id);
    this.#forget(op_id);
    this.flush();
    return entry;
  }

  /** Not now: it stays, and the next flush sends it again. */
  postpone(op_id) {
    this.sent.delete(op_id);
  }

  /** Its event came. */
  settle(op_id) {
    if (!this.entries.has(op_id)) return;
    this.sent.delete(op_id);
    this.#forget(op_id);
    this.flush();
  }

  /** Whatever was acknowledged up to this number is in a state that was fetched. */
  settleUpTo(seq) {
    for (const entry of this.all) if (entry.seq && entry.seq <= seq) this.#forget(entry.op_id);
  }

  #forget(op_id) {
    this.entries.delete(op_id);
    this.#keep((storage) => storage.removeItem(this.prefix + op_id));
  }

  #stored() {
    const found = [];
    this.#keep((storage) => {
      for (const key of Object.keys(storage)) if (key.startsWith(this.prefix)) found.push(JSON.parse(storage.getItem(key)));
    });
    return found.sort((a, b) => a.at - b.at);
  }

  /** A browser that stores nothing still sends. */
  #keep(work) {
    try {
      work(this.storage);
    } catch {
      return;
    }
  }
}

/** Where the page is not in a secure context. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
