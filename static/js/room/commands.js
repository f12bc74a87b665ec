/* A form of the room as the command that it sends; the twin of tasks/forms/rooms.py. */

const NUMBERS = new Set(["note", "group", "into", "on", "after", "question", "owner", "action", "member", "seq", "version", "image", "picture", "pin", "minutes", "x", "y"]);
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "op_id", "kind"]);

/** `{kind, payload, file?}`, or null for a form that is no command. */
export function commandOf(form, submitter) {
  const said = new FormData(form, submitter);
  const kind = said.get("kind");
  if (!kind) return null;
  const payload = {};
  let file = null;
  for (const [name, value] of said) {
    if (value instanceof File) {
      if (value.size) file = value;
    } else if (!LEFT_OUT.has(name) && value !== "") {
      payload[name] = NUMBERS.has(name) ? Number(value) : value;
    }
  }
  if (kind === "lead.pass") payload.to = Number(payload.to);
  if (kind === "note.move") payload.group ??= null;
  return { kind, payload, file };
}
