/* Through a media server: Janus and its VideoRoom plugin, over its own WebSocket protocol. One connection sends, one receives all others.
 *
 * What a window sends has three places, as between browsers (mesh.js), named by the `description` of each stream; the name of a publisher is
 * the number of its window in the room, so that who is who comes from our own server alone. */

import { JanusServer } from "./janus-server.js";
import { CAMERA, Ladder, Looks, SCREEN, bestFor, hearsBadly, sendAs } from "./quality.js";

const SLOTS = ["microphone", "camera", "screen"];
const KINDS = { microphone: "audio", camera: "video", screen: "video" };
const ROOM_IS_THERE = 427;
const LOOK_EVERY = 2000;
const BITRATE = 700_000; // of one picture, at most
const MOST = 50;
const SPARED_FOR = 10; // looks without their cameras after sound came in pieces

export class Janus {
  /** As Mesh, with `media` {url, room, pin, token} in place of signals; `tell.broken()` when the server is gone. */
  constructor({ me, ice, speaks, media, tell }) {
    Object.assign(this, { me, ice, speaks, media, tell, tracks: {}, people: new Map(), feeds: new Map(), places: {}, received: new Map() });
    this.ladder = new Ladder();
    this.looks = new Looks();
    this.heard = new Looks();
    this.spared = 0;
    this.turn = Promise.resolve();
    this.server = new JanusServer(media.url, media.token, { event: (name, message) => this.event(name, message), gone: () => tell.broken() });
    this.ready = this.open().catch((error) => {
      console.warn("The media server was not reached.", error);
      this.server.broke();
    });
  }

  async open() {
    await this.server.open();
    const { room, pin } = this.media;
    this.sending = await this.server.attach("sending");
    try {
      const about = { permanent: false, is_private: true, publishers: MOST, bitrate: BITRATE, notify_joining: false, record: false };
      await this.server.request(this.sending, { request: "create", room, pin, ...about });
    } catch (error) {
      if (error.code !== ROOM_IS_THERE) throw error;
    }
    const { data } = await this.server.request(this.sending, { request: "join", ptype: "publisher", room, pin, display: this.me });
    this.published(data.publishers);
    if (this.speaks) await this.startSending();
    this.looking = setInterval(() => this.look(), LOOK_EVERY);
  }

  connection(handle) {
    const connection = new RTCPeerConnection({ iceServers: this.ice, bundlePolicy: "max-bundle" });
    connection.onicecandidate = ({ candidate }) => {
      this.server.send({ janus: "trickle", handle_id: handle, candidate: candidate ?? { completed: true } });
    };
    connection.onconnectionstatechange = () => connection.connectionState === "failed" && this.server.broke();
    return connection;
  }

  async startSending() {
    const connection = (this.sender = this.connection(this.sending));
    for (const slot of SLOTS) {
      this.places[slot] = connection.addTransceiver(KINDS[slot], { direction: "sendonly" });
      await this.places[slot].sender.replaceTrack(this.tracks[slot] ?? null);
    }
    await connection.setLocalDescription();
    const descriptions = SLOTS.map((slot) => ({ mid: this.places[slot].mid, description: slot }));
    const { jsep } = await this.server.request(this.sending, { request: "publish", descriptions }, connection.localDescription);
    await connection.setRemoteDescription(jsep);
    await this.shape();
  }

  event(name, message) {
    const data = message.plugindata?.data ?? {};
    if (name === "sending") {
      this.published(data.publishers);
      const gone = data.unpublished ?? data.leaving;
      if (gone && this.feeds.delete(gone)) this.align();
    } else if (name === "receiving" && message.jsep) {
      this.answer(message);
    }
    if (message.janus === "hangup" && !this.over) this.server.broke();
  }

  published(publishers = []) {
    for (const { id, display, streams = [] } of publishers) {
      const places = Object.fromEntries(streams.filter((one) => SLOTS.includes(one.description)).map((one) => [one.description, one.mid]));
      if (display !== this.me) this.feeds.set(id, { peer: display, places });
    }
    this.align();
  }

  /** Streams that are wanted: sound of everybody who may be heard, pictures that are on. */
  wanted() {
    const wanted = new Map();
    for (const [feed, { peer, places }] of this.feeds) {
      const who = this.people.get(peer);
      if (!who || who.role === "observer") continue;
      for (const slot of SLOTS) {
        const shown = slot === "microphone" || (who.on[slot] && !(slot === "camera" && this.spared));
        if (shown && slot in places) wanted.set(`${feed} ${places[slot]}`, { feed, mid: places[slot], peer, slot });
      }
    }
    return wanted;
  }

  /** Bring what is received in line with what is wanted; one change after the other. */
  align() {
    this.turn = this.turn.then(() => this.alignNow()).catch((error) => this.over || console.warn("A stream was not received.", error));
  }

  async alignNow() {
    if (this.over) return;
    const wanted = this.wanted();
    const subscribe = [...wanted].filter(([key]) => !this.received.has(key)).map(([, { feed, mid }]) => ({ feed, mid }));
    const stale = [...this.received].filter(([key]) => !wanted.has(key));
    if (!subscribe.length && !stale.length) return;
    if (!this.receiving) {
      this.receiving = await this.server.attach("receiving");
      this.receiver = this.connection(this.receiving);
      this.receiver.ontrack = ({ transceiver }) => this.arrived(transceiver);
      const { room, pin } = this.media;
      await this.understand(await this.server.request(this.receiving, { request: "join", ptype: "subscriber", room, pin, streams: subscribe }));
      return;
    }
    const change = { request: "update" };
    if (subscribe.length) change.subscribe = subscribe;
    if (stale.length) change.unsubscribe = stale.map(([, sub_mid]) => ({ sub_mid }));
    await this.understand(await this.server.request(this.receiving, change));
  }

  /** An offer that the server makes by itself, because somebody left. */
  answer(message) {
    this.turn = this.turn
      .then(() => this.understand({ data: message.plugindata?.data ?? {}, jsep: message.jsep }))
      .catch((error) => this.over || console.warn("An offer was not understood.", error));
  }

  async understand({ data, jsep }) {
    if (data.streams) {
      this.received = new Map(data.streams.filter((one) => one.active !== false && one.feed_id).map((one) => [`${one.feed_id} ${one.feed_mid}`, one.mid]));
    }
    if (!jsep) return;
    await this.receiver.setRemoteDescription(jsep);
    await this.receiver.setLocalDescription();
    await this.server.request(this.receiving, { request: "start" }, this.receiver.localDescription);
    for (const transceiver of this.receiver.getTransceivers()) this.arrived(transceiver);
  }

  /** Whose track a place of the receiving connection is. */
  ownerOf(mid) {
    const key = [...this.received].find(([, sub]) => sub === mid)?.[0];
    return key && this.wanted().get(key);
  }

  arrived(transceiver) {
    const owner = this.ownerOf(transceiver.mid);
    if (owner) this.tell.track(owner.peer, owner.slot, transceiver.receiver.track);
  }

  meets(who) {
    if (who.peer === this.me) return;
    this.people.set(who.peer, who);
    this.align();
    this.shape();
  }

  parts(peer) {
    this.people.delete(peer);
    this.align();
  }

  hears() {} // signals are between browsers; here the server stands between

  async publish(slot, track) {
    this.tracks[slot] = track;
    await this.places[slot]?.sender.replaceTrack(track);
    await this.shape();
  }

  get level() {
    return Math.max(this.ladder.level, this.people.size > 8 ? bestFor(3) : 0); // sent once, whoever listens
  }

  async shape() {
    await sendAs(this.places.camera?.sender, CAMERA[this.level]);
    await sendAs(this.places.screen?.sender, SCREEN[this.level]);
  }

  async look() {
    if (this.sender?.connectionState === "connected") {
      const wanted = this.tracks.camera ? (CAMERA[this.level]?.bitrate ?? 0) : 0;
      this.ladder.look({ ...(await this.looks.of(this.sender)), wanted });
      await this.shape();
    }
    if (this.receiver?.connectionState === "connected") {
      const { heardLost } = await this.heard.of(this.receiver);
      const was = this.spared > 0;
      this.spared = hearsBadly(heardLost) ? SPARED_FOR : Math.max(0, this.spared - 1);
      if (was !== this.spared > 0) this.align();
    }
    for (const peer of this.people.keys()) this.tell.line(peer, this.spared ? "weak" : "fine");
    this.tell.line(this.me, this.ladder.isWeak ? "weak" : "fine");
  }

  loudness() {
    const heard = new Map();
    for (const transceiver of this.receiver?.getTransceivers() ?? []) {
      const owner = this.ownerOf(transceiver.mid);
      const [source] = owner?.slot === "microphone" ? transceiver.receiver.getSynchronizationSources() : [];
      if (source) heard.set(owner.peer, source.audioLevel ?? 0);
    }
    return heard;
  }

  close() {
    this.over = true;
    clearInterval(this.looking);
    this.server.close();
    this.sender?.close();
    this.receiver?.close();
  }
}
