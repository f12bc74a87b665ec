/* The line to the room: one socket that comes back by itself, and plain requests where there is no socket to be had.
 *
 * `new Line({socket, events, token, after, on})`; `on.hello`, `on.event`, `on.ack`, `on.refused`, `on.later`, `on.other` hear what comes,
 * `on.state(name, sentence)` how the line stands: open, away, polling, shut.
 */

import { pauseAfter } from "../pause.js";

const WITHOUT_SOCKET = 3; // tries that never opened before plain requests take over
const PING_EVERY = 12000;
const PONG_WITHIN = 6000;
const POLL_EVERY = 5000;
const SHUT = new Set([4401, 4403]);
const PUT_OUT = new Set([4408, 4429]);

export class Line {
  #socket = null;
  #tries = 0;
  #everOpen = false;
  #retry = 0;
  #pinging = 0;
  #pongDue = 0;
  #polling = 0;
  #shut = false;

  constructor({ socket, events, token, after, on }) {
    Object.assign(this, { address: socket, events, token, after, on });
    addEventListener("online", () => this.open());
    addEventListener("offline", () => this.#letGo());
    addEventListener("pagehide", () => this.#letGo());
    addEventListener("pageshow", (event) => event.persisted && this.open());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return;
      if (this.isOpen) this.#ping();
      else this.open();
    });
    this.open();
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  get polls() {
    return this.#polling !== 0;
  }

  /** True when it is on its way: what is not is sent when the line is open again. */
  send(command) {
    if (this.isOpen) {
      this.#socket.send(JSON.stringify(command));
      return true;
    }
    if (!this.polls || !command.op_id) return false;
    this.#post(command);
    return true;
  }

  /** Ask for the log again from the last number that was folded. */
  restart() {
    this.#letGo();
    this.open();
  }

  open() {
    clearTimeout(this.#retry);
    if (this.#socket || this.#shut || !navigator.onLine) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.address}?after=${this.after()}`);
    socket.onmessage = (message) => this.#hear(JSON.parse(message.data));
    socket.onclose = (event) => this.#closed(event);
    this.#socket = socket;
  }

  #hear(said) {
    if ("pong" in said) {
      clearTimeout(this.#pongDue);
    } else if (said.type === "hello") {
      this.#tries = 0;
      this.#everOpen = true;
      this.#stopPolling();
      clearInterval(this.#pinging);
      this.#pinging = setInterval(() => this.#ping(), PING_EVERY);
      this.on.hello(said);
      this.on.state("open");
    } else {
      (this.on[said.type] ?? this.on.other)(said);
    }
  }

  #ping() {
    if (!this.isOpen) return;
    this.#socket.send('{"ping":1}');
    clearTimeout(this.#pongDue);
    this.#pongDue = setTimeout(() => this.restart(), PONG_WITHIN);
  }

  #closed({ code, reason }) {
    this.#forget();
    if (SHUT.has(code)) {
      this.#shut = true;
      this.#stopPolling();
      this.on.state("shut", reason);
      return;
    }
    this.#tries += 1;
    if (!this.#everOpen && this.#tries >= WITHOUT_SOCKET) this.#startPolling();
    else this.on.state("away");
    this.#retry = setTimeout(() => this.open(), pauseAfter(this.#tries, PUT_OUT.has(code) || this.polls));
  }

  /** Drop the socket without waiting for its goodbye. */
  #letGo() {
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#forget();
    this.on.state("away");
  }

  #forget() {
    clearInterval(this.#pinging);
    clearTimeout(this.#pongDue);
    this.#socket = null;
  }

  #startPolling() {
    if (this.polls) return;
    this.#polling = setInterval(() => this.#poll(), POLL_EVERY * (0.8 + Math.random() * 0.4));
    this.on.state("polling");
    this.#poll();
  }

  #stopPolling() {
    clearInterval(this.#polling);
    this.#polling = 0;
  }

  async #poll() {
    try {
      const answer = await fetch(`${this.events}?after=${this.after()}`, { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.status === 403) return this.#closed({ code: 4403, reason: await sentenceOf(answer) });
      if (answer.ok) for (const event of (await answer.json()).events) this.on.event(event);
    } catch {
      return; // no network: the next round tries again
    }
  }

  async #post({ op_id, kind, payload }) {
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": this.token() };
    try {
      const answer = await fetch(this.events, { method: "POST", headers, body: JSON.stringify({ op_id, kind, payload }) });
      if (answer.ok) this.on.ack(await answer.json());
      else if (answer.status === 429 || answer.status >= 500) this.on.later({ op_id });
      else this.on.refused({ op_id, detail: await sentenceOf(answer) });
      this.#poll();
    } catch {
      this.on.later({ op_id });
    }
  }
}

/** What a refusal says: `detail`, or the first sentence about a field. */
async function sentenceOf(answer) {
  const said = await answer.json().catch(() => ({}));
  return said.detail ?? Object.values(said).flat()[0] ?? "";
}
