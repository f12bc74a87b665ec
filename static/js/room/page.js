/* The parts of the room that the server draws: phases and their forms, patterns, what stands beside the board. Fetched when they changed,
 * each page at its own moment, so that thirty do not ask in the same one. `renewed(state)` is told of a fresh state, `lost(text)` of words
 * whose field is gone.
 */

import { graft } from "./graft.js";

const WITHIN = 800; // milliseconds over which pages spread
const OWN = 60; // what one did oneself is shown at once
const SIDE_EVERY = 1500;
const SIDE_ANYWAY = 20000; // who is here changes without an event; told by the line, while there is one
const AGAIN = 3000;
const PARTS = ["#room-head", "#compose", ".room-side"];
const ENOUGH = 4; // the side rests so many times as long as it took

export class Page {
  #whole = 0;
  #side = 0;
  #sideAt = 0;
  #sideRests = SIDE_EVERY;
  #here = null; // members, as far as the line tells

  constructor(address) {
    this.address = address;
    this.state = stateIn(document);
    for (const list of document.querySelectorAll(".chat")) list.scrollTop = list.scrollHeight;
    setInterval(
      () => !this.#here && document.visibilityState === "visible" && this.renewSideSoon(false),
      SIDE_ANYWAY * (0.8 + Math.random() * 0.4),
    );
  }

  /** Who is in the room, as the line says; null without a line. Whom the list does not know has come since it was drawn. */
  present(here) {
    this.#here = here;
    const known = this.#markPresent();
    if (here?.some((member) => !known.has(member))) this.renewSideSoon(false);
  }

  #markPresent() {
    const known = new Set();
    for (const one of document.querySelectorAll(".present [data-member]")) {
      const member = Number(one.dataset.member);
      known.add(member);
      if (!this.#here) continue;
      const here = this.#here.includes(member);
      one.classList.toggle("here", here);
      one.querySelector("i").hidden = !here;
    }
    return known;
  }

  renewSoon(own) {
    if (own) clearTimeout(this.#whole);
    if (own || !this.#whole) this.#whole = setTimeout(() => this.#renew(), own ? OWN : Math.random() * WITHIN);
  }

  renewSideSoon(own) {
    if (this.#whole) return; // it comes with the whole
    const rest = own ? OWN : Math.max(0, this.#sideAt + this.#sideRests - Date.now()) + Math.random() * WITHIN;
    if (own) clearTimeout(this.#side);
    if (own || !this.#side) this.#side = setTimeout(() => this.#renewSide(), rest);
  }

  async #renew() {
    clearTimeout(this.#side);
    this.#side = 0;
    const page = await fetched(this.address);
    this.#whole = 0;
    if (!page) {
      this.#whole = setTimeout(() => this.#renew(), AGAIN);
      return;
    }
    const state = stateIn(page);
    for (const part of PARTS) this.#graft(part, page);
    graftBoardForms(page, (text) => this.lost(text));
    document.getElementById("room-patterns").replaceWith(page.getElementById("room-patterns"));
    this.renewed(state);
  }

  async #renewSide() {
    const began = Date.now();
    const page = await fetched(`${this.address}?part=side`);
    this.#side = 0;
    this.#sideAt = Date.now();
    this.#sideRests = Math.max(SIDE_EVERY, (this.#sideAt - began) * ENOUGH);
    if (page) this.#graft(".room-side", page);
    else this.renewSideSoon(false);
  }

  #graft(selector, page) {
    const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
    if (!old || !fresh) return;
    const chat = [...old.querySelectorAll(".chat")].map((list) => list.scrollHeight - list.scrollTop - list.clientHeight < 40);
    graft(old, fresh, (text) => this.lost(text));
    this.#markPresent(); // it may have been drawn before the last who came
    document.querySelectorAll(`${selector} .chat`).forEach((list, place) => chat[place] !== false && (list.scrollTop = list.scrollHeight));
  }
}

/** What the phase puts on the board besides notes and groups: the forms for new ones, the tools. */
function graftBoardForms(page, lost) {
  const [old, fresh] = [document.getElementById("board"), page.getElementById("board")];
  for (const [name, next] of [[".new-group", ".clusters"], [".new-picture", ".gaps"], [".tools", ".gaps"]]) {
    const [was, now] = [old.querySelector(name), fresh.querySelector(name)];
    if (was && now) graft(was, now, lost);
    else if (now) old.querySelector(next).before(now);
    else was?.remove();
  }
  old.querySelector(".nothing").replaceWith(fresh.querySelector(".nothing"));
}

const stateIn = (page) => JSON.parse(page.getElementById("room-state").textContent);

async function fetched(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}
