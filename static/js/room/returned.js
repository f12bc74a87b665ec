/* Words that could not be put where they were meant to go. They stand above the board with the reason until they are taken up or let go,
 * over a reload too: what was typed is never gone.
 */

import { say, toast } from "./words.js";

export class Returned {
  constructor(storage, key) {
    this.storage = storage;
    this.key = key;
    this.all = this.#stored();
    for (const one of this.all) this.#show(one);
  }

  /** `{sentence, text}` or a refused command with its sentence. One without words only says why. */
  hand({ sentence, text, payload, kind }) {
    const words = text ?? payload?.text ?? payload?.name ?? payload?.why;
    if (!words) {
      toast(sentence, "warning");
      return;
    }
    const field = fieldFor(kind, payload);
    if (field && !field.value.trim()) {
      put(field, words);
      toast(sentence, "warning");
      return;
    }
    const one = { sentence, text: words, kind };
    this.all.push(one);
    this.#keep();
    this.#show(one);
  }

  #show(one) {
    const part = document.getElementById("pattern-returned").content.firstElementChild.cloneNode(true);
    part.querySelector(".sentence").textContent = one.sentence;
    part.querySelector("blockquote").textContent = one.text;
    part.querySelector(".take").addEventListener("click", () => {
      const field = fieldFor(one.kind) ?? document.getElementById("note") ?? document.getElementById("say");
      if (!field) return void navigator.clipboard?.writeText(one.text);
      put(field, field.value.trim() ? `${field.value}\n${one.text}` : one.text);
      this.#drop(one, part);
    });
    part.querySelector(".let-go").addEventListener("click", () => this.#drop(one, part));
    document.getElementById("room-returned").append(part);
  }

  #drop(one, part) {
    this.all = this.all.filter((other) => other !== one);
    this.#keep();
    part.remove();
  }

  #keep() {
    try {
      if (this.all.length) this.storage.setItem(this.key, JSON.stringify(this.all));
      else this.storage.removeItem(this.key);
    } catch {
      return; // it still stands on the page
    }
  }

  #stored() {
    try {
      return JSON.parse(this.storage.getItem(this.key)) ?? [];
    } catch {
      return [];
    }
  }
}

/** Where words of such a command are written, if the page has it now. */
function fieldFor(kind, payload) {
  const named = { "note.add": "note", "chat.say": "say", "question.ask": "ask", "group.add": "group-name", "action.add": "action-text", "pin.add": payload && `pin-text-${payload.picture}` }[kind];
  if (named) return document.getElementById(named);
  if (kind === "note.edit" && payload) return reopened(document.getElementById(`edit-${payload.note}`));
  return null;
}

/** The editor of a note, from the version that is there now, with nothing in it but what was written. */
function reopened(field) {
  if (!field || field.value !== field.defaultValue) return null;
  field.closest("details").open = true;
  field.form.elements.version.value = field.closest("[data-note]").dataset.version;
  field.value = field.defaultValue = "";
  return field;
}

function put(field, words) {
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}
