/* A socket to the room while one is connected: it comes back by itself, and says when it was gone. */

import { pauseAfter } from "../pause.js";

const PING_EVERY = 15_000;
const PONG_WITHIN = 8000;
const LAST = Number.MAX_SAFE_INTEGER; // nothing of the log is told: the page has it
const PUT_OUT = new Set([4408, 4429]);
const FINAL = new Set([4401, 4403]); // no seat, no room

export class Line {
  /** `heard(message)`, `gone()` when it broke and is tried again, `refused(sentence)` when it will not come back. */
  constructor(path, { heard, gone, refused }) {
    Object.assign(this, { path, heard, gone, refused, tries: 0 });
    this.hurry = () => this.socket || this.open();
    addEventListener("online", this.hurry);
    this.open();
  }

  open() {
    clearTimeout(this.retry);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = (this.socket = new WebSocket(`${scheme}//${location.host}${this.path}?after=${LAST}`));
    socket.onmessage = ({ data }) => this.received(JSON.parse(data));
    socket.onclose = ({ code, reason }) => this.closed(code, reason);
  }

  received(message) {
    if ("pong" in message) {
      clearTimeout(this.due);
      return;
    }
    if (message.type === "hello") {
      this.tries = 0;
      this.pinging = setInterval(() => this.ping(), PING_EVERY);
    }
    this.heard(message);
  }

  /** A line may be dead without anybody knowing, above all on a phone. */
  ping() {
    this.say({ ping: 1 });
    clearTimeout(this.due);
    this.due = setTimeout(() => {
      this.forget();
      this.closed(0, "");
    }, PONG_WITHIN);
  }

  say(command) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(command));
  }

  closed(code, reason) {
    this.forget();
    if (FINAL.has(code)) {
      this.close();
      this.refused(reason);
      return;
    }
    this.gone();
    this.tries += 1;
    this.retry = setTimeout(() => this.open(), pauseAfter(this.tries, PUT_OUT.has(code)));
  }

  forget() {
    clearInterval(this.pinging);
    clearTimeout(this.due);
    if (this.socket) this.socket.onmessage = this.socket.onclose = null;
    this.socket?.close();
    this.socket = null;
  }

  close() {
    removeEventListener("online", this.hurry);
    clearTimeout(this.retry);
    this.forget();
  }
}
