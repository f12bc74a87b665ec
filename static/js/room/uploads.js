/* A file that a command will name: sent first, answered by its number. */

export async function uploaded(file) {
  const data = new FormData();
  data.set("file", file);
  const headers = { Accept: "application/json", "X-CSRFToken": window.words.token() };
  const answer = await fetch("/api/v1/uploads/", { method: "POST", body: data, headers });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.detail ?? Object.values(said).flat()[0] ?? "");
  return said.id;
}
