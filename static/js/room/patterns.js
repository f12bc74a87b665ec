/* Patterns that the server draws and the board clones. */

export const clone = (name) => document.getElementById(`pattern-${name}`).content.firstElementChild.cloneNode(true);

/** A pattern names its thing “ID”. */
export function number(part, id) {
  for (const one of [part, ...part.querySelectorAll("[id], [for], [value], [aria-labelledby]")]) {
    for (const { name, value } of [...one.attributes]) if (/(^|[a-z-])ID$/.test(value)) one.setAttribute(name, value.replace(/ID$/, id));
  }
  return part;
}

export const hide = (part, hidden) => part && part.hidden !== hidden && (part.hidden = hidden);
export const write = (part, text) => part && part.textContent !== String(text) && (part.textContent = text);
