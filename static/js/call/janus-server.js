/* The protocol of Janus over a WebSocket: requests with answers by their transaction, and events of handles. */

const PLUGIN = "janus.plugin.videoroom";
const KEEP_ALIVE_EVERY = 25_000;
const ANSWER_WITHIN = 10_000;

export class JanusServer {
  /** `event(name, message)` of a handle that was attached under that name; `gone()` when the server is. */
  constructor(url, token, { event, gone }) {
    Object.assign(this, { token, event, gone, waiting: new Map(), handles: new Map() });
    this.socket = new WebSocket(url, "janus-protocol");
    this.opened = new Promise((done, failed) => {
      this.socket.onopen = done;
      this.socket.onerror = () => failed(new Error("The media server does not answer."));
    });
    this.socket.onmessage = ({ data }) => this.received(JSON.parse(data));
    this.socket.onclose = () => this.broke();
  }

  async open() {
    await this.opened;
    this.session = (await this.ask({ janus: "create" })).data.id;
    this.alive = setInterval(() => this.send({ janus: "keepalive" }), KEEP_ALIVE_EVERY);
  }

  async attach(name) {
    const handle = (await this.ask({ janus: "attach", plugin: PLUGIN })).data.id;
    this.handles.set(handle, name);
    return handle;
  }

  send(said) {
    const transaction = crypto.getRandomValues(new Uint32Array(2)).join("-");
    const whole = { ...said, transaction };
    if (this.session) whole.session_id = this.session;
    if (this.token) whole.token = this.token;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(whole));
    return transaction;
  }

  ask(said) {
    return new Promise((done, failed) => {
      const transaction = this.send(said);
      const late = setTimeout(() => this.settle(transaction, "failed", new Error("The media server does not answer.")), ANSWER_WITHIN);
      this.waiting.set(transaction, { done, failed, late });
    });
  }

  /** A request to the plugin; the answer is what the plugin says, with its description if there is one. */
  async request(handle, body, jsep) {
    const answer = await this.ask({ janus: "message", handle_id: handle, body, ...(jsep && { jsep }) });
    const data = answer.plugindata?.data ?? {};
    if (data.error_code) throw Object.assign(new Error(data.error), { code: data.error_code });
    return { data, jsep: answer.jsep };
  }

  settle(transaction, how, value) {
    const one = this.waiting.get(transaction);
    if (!one) return false;
    this.waiting.delete(transaction);
    clearTimeout(one.late);
    one[how](value);
    return true;
  }

  received(message) {
    if (message.janus === "ack") return; // the answer follows as an event
    if (message.janus === "error") {
      this.settle(message.transaction, "failed", new Error(message.error?.reason));
    } else if (!this.settle(message.transaction, "done", message)) {
      if (message.janus === "timeout") this.broke();
      else this.event(this.handles.get(message.sender), message);
    }
  }

  broke() {
    if (this.over) return;
    this.close();
    this.gone();
  }

  close() {
    this.over = true;
    clearInterval(this.alive);
    if (this.session) this.send({ janus: "destroy" });
    for (const transaction of [...this.waiting.keys()]) this.settle(transaction, "failed", new Error("The media server is gone."));
    this.socket.onclose = null;
    this.socket.close();
  }
}
