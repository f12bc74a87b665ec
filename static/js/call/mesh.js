/* From browser to browser: one connection to each other window, agreed upon by the perfect-negotiation pattern.
 *
 * A connection has three places from the start: microphone, camera, screen. Turning one on or off only changes what is sent in its place,
 * so nothing is agreed upon anew, and two who press at once cannot collide. */

import { CAMERA, Ladder, Looks, SCREEN, bestFor, hearsBadly, sendAs } from "./quality.js";

const SLOTS = ["microphone", "camera", "screen"];
const KINDS = { microphone: "audio", camera: "video", screen: "video" };
const LOOK_EVERY = 2000;
const CANDIDATES_WITHIN = 40;
const RESTART_AFTER = 4000;
const MOST_EARLY = 40;

class Link {
  constructor(mesh, who) {
    this.mesh = mesh;
    this.peer = who.peer;
    this.polite = mesh.me < who.peer;
    this.theySpeak = who.role !== "observer";
    this.ladder = new Ladder();
    this.looks = new Looks();
    this.places = {};
    this.turn = Promise.resolve();
    this.candidates = [];
    const connection = (this.connection = new RTCPeerConnection({ iceServers: mesh.ice, bundlePolicy: "max-bundle" }));
    connection.onnegotiationneeded = () => this.offer();
    connection.onicecandidate = ({ candidate }) => this.found(candidate);
    connection.ontrack = ({ transceiver }) => this.arrived(transceiver);
    connection.onconnectionstatechange = () => this.changed();
    if (!this.polite) {
      for (const slot of SLOTS) this.take(slot, connection.addTransceiver(KINDS[slot], { direction: this.direction }));
    }
  }

  /** An observer is not heard: nobody opens an ear to one, and one opens no mouth. */
  get direction() {
    if (this.mesh.speaks && this.theySpeak) return "sendrecv";
    return this.mesh.speaks ? "sendonly" : this.theySpeak ? "recvonly" : "inactive";
  }

  take(slot, transceiver) {
    this.places[slot] = transceiver;
    transceiver.direction = this.direction;
    if (this.mesh.speaks) this.send(slot);
  }

  async send(slot) {
    const sender = this.places[slot]?.sender;
    if (!sender) return;
    await sender.replaceTrack(this.mesh.tracks[slot] ?? null);
    await this.shape();
  }

  async offer() {
    try {
      this.offering = true;
      await this.connection.setLocalDescription();
      this.say({ description: this.connection.localDescription });
    } catch (error) {
      if (this.connection.signalingState !== "closed") console.warn("No offer was made.", error);
    } finally {
      this.offering = false;
    }
  }

  /** One after the other, in the order in which they were sent. */
  hears(data) {
    if (data.ease) this.eased = true;
    this.turn = this.turn.then(() => this.understand(data)).catch((error) => console.warn("A signal was not understood.", error));
  }

  async understand({ description, candidates = [] }) {
    const { connection } = this;
    if (connection.signalingState === "closed") return;
    if (description) {
      const collides = description.type === "offer" && (this.offering || connection.signalingState !== "stable");
      this.ignores = !this.polite && collides;
      if (this.ignores) return;
      await connection.setRemoteDescription(description);
      if (description.type === "offer") {
        this.takeOffered();
        await connection.setLocalDescription();
        this.say({ description: connection.localDescription });
      }
    }
    for (const candidate of candidates) {
      try {
        await connection.addIceCandidate(candidate);
      } catch (error) {
        if (!this.ignores) throw error;
      }
    }
  }

  /** The places that the other one offered, in the same order. */
  takeOffered() {
    this.connection.getTransceivers().slice(0, SLOTS.length).forEach((transceiver, number) => {
      if (this.places[SLOTS[number]] !== transceiver) this.take(SLOTS[number], transceiver);
    });
    for (const transceiver of this.connection.getTransceivers()) this.arrived(transceiver);
  }

  arrived(transceiver) {
    const slot = SLOTS.find((one) => this.places[one] === transceiver);
    if (slot && this.theySpeak) this.mesh.tell.track(this.peer, slot, transceiver.receiver.track);
  }

  found(candidate) {
    if (!candidate) return;
    this.candidates.push(candidate);
    this.sending ??= setTimeout(() => {
      this.sending = undefined;
      this.say({ candidates: this.candidates.splice(0) });
    }, CANDIDATES_WITHIN);
  }

  say(data) {
    this.mesh.signal(this.peer, data);
  }

  changed() {
    const state = this.connection.connectionState;
    clearTimeout(this.restarting);
    if (state === "failed" || state === "disconnected") {
      this.restarting = setTimeout(() => this.connection.restartIce(), state === "failed" ? 0 : RESTART_AFTER);
    }
    this.mesh.tell.line(this.peer, state === "connected" ? "fine" : state === "failed" || state === "disconnected" ? "lost" : "");
    if (state === "connected") this.shape();
  }

  get level() {
    return Math.max(this.ladder.level, bestFor(this.mesh.links.size));
  }

  /** Pictures as large as the line allows. */
  async shape() {
    await sendAs(this.places.camera?.sender, CAMERA[this.level]);
    await sendAs(this.places.screen?.sender, SCREEN[this.level]);
  }

  async look() {
    if (this.connection.connectionState !== "connected") return;
    const seen = await this.looks.of(this.connection);
    const wanted = this.mesh.tracks.camera ? (CAMERA[this.level]?.bitrate ?? 0) : 0;
    this.ladder.look({ ...seen, wanted, eased: this.eased });
    this.eased = false;
    // Sound that arrives in pieces matters more than their picture: they are asked to make it smaller.
    const badly = hearsBadly(seen.heardLost);
    if (badly && this.heardBadly) this.say({ ease: true });
    this.heardBadly = badly;
    this.mesh.tell.line(this.peer, this.ladder.isWeak || badly ? "weak" : "fine");
    await this.shape();
  }

  loudness() {
    const [source] = this.places.microphone?.receiver.getSynchronizationSources?.() ?? [];
    return source?.audioLevel ?? 0;
  }

  close() {
    clearTimeout(this.restarting);
    clearTimeout(this.sending);
    this.connection.close();
  }
}

/** The same four verbs as over a media server (janus.js): meets, parts, hears, publish; and loudness, close. */
export class Mesh {
  /** `signal(peer, data)` sends; `tell.track(peer, slot, track)`, `tell.line(peer, "fine" | "weak" | "lost" | "")` are told. */
  constructor({ me, ice, speaks, signal, tell }) {
    Object.assign(this, { me, ice, speaks, signal, tell, links: new Map(), tracks: {}, early: new Map() });
    this.looking = setInterval(() => this.links.forEach((link) => link.look()), LOOK_EVERY);
  }

  meets(who) {
    if (who.peer === this.me || this.links.has(who.peer)) return;
    const link = new Link(this, who);
    this.links.set(who.peer, link);
    this.early.get(who.peer)?.forEach((data) => link.hears(data));
    this.early.delete(who.peer);
    this.links.forEach((link) => link.shape());
  }

  parts(peer) {
    this.links.get(peer)?.close();
    this.links.delete(peer);
    this.links.forEach((link) => link.shape());
  }

  /** Between processes a signal may come before the word that somebody is there. */
  hears(peer, data) {
    const link = this.links.get(peer);
    if (link) link.hears(data);
    else if (this.early.size < MOST_EARLY) this.early.set(peer, [...(this.early.get(peer) ?? []), data].slice(-MOST_EARLY));
  }

  async publish(slot, track) {
    this.tracks[slot] = track;
    await Promise.all([...this.links.values()].map((link) => link.send(slot)));
  }

  loudness() {
    return new Map([...this.links].map(([peer, link]) => [peer, link.loudness()]));
  }

  close() {
    clearInterval(this.looking);
    this.links.forEach((link) => link.close());
    this.links.clear();
  }
}
