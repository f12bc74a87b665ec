/* What this page says, in the reader's language: the sentences stand in `<template id="room-words">`. */

const sentences = document.getElementById("room-words")?.content; // they differ by language, not by phase

/** A sentence with `{name}` filled in; one that counts has a form for one, and one that was written for two. */
export function say(name, values = {}) {
  const part = sentences?.querySelector(`[data-word="${name}"]`);
  const text = part?.textContent ?? "";
  if (part?.dataset.one) return values.n === 1 ? part.dataset.one : text.replace("2", values.n);
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** Said to who cannot see what moved. */
export function announce(text) {
  const place = document.getElementById("room-said");
  if (place) place.textContent = text;
}

/** Shown for a moment, or until it is closed. */
export const toast = (text, kind) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));
