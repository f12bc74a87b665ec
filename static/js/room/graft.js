/* Bring a part of the page to what the server shows now, touching only what differs.
 *
 * `graft(old, fresh, lost)`: what somebody is writing in, has unfolded or changed stays; words in a field that the new page does not have
 * are handed to `lost(text)`. An element with `data-keep` is left to whoever keeps it.
 */

const FIELDS = "input:not([type=hidden]), textarea, select";

export function graft(old, fresh, lost) {
  settle(old, fresh);
  merge(old, fresh, lost);
}

/** What differs for no reader: tokens of forms, and which parts are unfolded. */
function settle(old, fresh) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  for (const field of fresh.querySelectorAll("[name=csrfmiddlewaretoken]")) if (token) field.setAttribute("value", token);
  for (const field of old.querySelectorAll("[name=csrfmiddlewaretoken]")) if (token) field.setAttribute("value", token);
  const unfolded = new Set([...old.querySelectorAll("details[open]")].map(nameOf));
  for (const part of [fresh, ...fresh.querySelectorAll("details")]) if (part.matches("details") && unfolded.has(nameOf(part))) part.open = true;
  for (const form of old.querySelectorAll("[data-sent]")) delete form.dataset.sent;
}

const nameOf = (part) => part.id || part.querySelector("summary")?.textContent.trim();

function merge(old, fresh, lost) {
  if (old.matches?.("[data-keep]") || old.isEqualNode(fresh)) return;
  if (!isHeld(old) || old.tagName !== fresh.tagName) {
    handBack(old, fresh, lost);
    old.replaceWith(fresh);
    return;
  }
  if (old.matches(FIELDS)) return; // somebody's words
  for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const olds = [...old.childNodes];
  const rest = new Set(olds);
  const fresher = [...fresh.childNodes];
  for (const [place, node] of fresher.entries()) {
    const twin = olds.find((one) => rest.has(one) && alike(one, node));
    if (!twin) {
      old.insertBefore(node, firstOf(rest, olds));
      continue;
    }
    // What stands before it and has no twin further on is gone; what has one waits for it.
    for (const one of olds.slice(0, olds.indexOf(twin))) {
      if (!rest.has(one) || fresher.slice(place + 1).some((later) => alike(one, later))) continue;
      rest.delete(one);
      drop(one, lost);
    }
    if (firstOf(rest, olds) !== twin) old.insertBefore(twin, firstOf(rest, olds));
    rest.delete(twin);
    if (twin.nodeType === Node.ELEMENT_NODE) merge(twin, node, lost);
    else if (twin.nodeValue !== node.nodeValue) twin.nodeValue = node.nodeValue;
  }
  for (const one of rest) drop(one, lost);
}

const firstOf = (rest, olds) => olds.find((one) => rest.has(one)) ?? null;

function alike(one, other) {
  if (one.nodeType !== other.nodeType) return false;
  if (one.nodeType !== Node.ELEMENT_NODE) return true;
  return one.tagName === other.tagName && one.id === other.id && (one.id !== "" || keyOf(one) === keyOf(other));
}

/** Forms are told apart by what they do, cards by their heading. */
function keyOf(part) {
  return part.querySelector(":scope > [name=kind]")?.value ?? part.querySelector(":scope > .card-head")?.textContent.trim() ?? part.className;
}

/** Somebody writes in it, changed a field of it, or something in it is kept. */
function isHeld(part) {
  if (part.matches("[data-keep]") || part.querySelector("[data-keep]")) return true;
  if (part.contains(document.activeElement) && document.activeElement !== document.body) return true;
  return fieldsOf(part).some(isTyped);
}

const fieldsOf = (part) => [...(part.matches(FIELDS) ? [part] : part.querySelectorAll(FIELDS))];

export function isTyped(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.matches("select")) return field.selectedOptions[0] !== ([...field.options].find((one) => one.defaultSelected) ?? field.options[0]);
  return field.value !== field.defaultValue;
}

function handBack(old, fresh, lost) {
  for (const field of fieldsOf(old)) {
    if (!isTyped(field)) continue;
    const heir = field.id && fresh.querySelector?.(`#${CSS.escape(field.id)}`);
    if (heir) heir.value = field.value;
    else if (field.matches("textarea, [type=text], :not([type]):not(select)") && field.value.trim()) lost(field.value);
  }
}

function drop(node, lost) {
  if (node.nodeType === Node.ELEMENT_NODE) {
    if (node.matches("[data-keep]")) return;
    for (const field of fieldsOf(node)) {
      if (isTyped(field) && field.matches("textarea, [type=text], :not([type]):not(select)") && field.value.trim()) lost(field.value);
    }
  }
  node.remove();
}
