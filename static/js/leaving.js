// Whoever signs out or closes the account leaves no list of guests on this phone; scans that were not sent stay until they are.
function leaveNoList() {
  for (const key of Object.keys(localStorage)) if (key.startsWith("gate:") && !key.includes(":queue:")) localStorage.removeItem(key);
  globalThis.caches?.delete("gate");
}

document.addEventListener("submit", ({ target }) => {
  // As it is written: a field called `action` hides the form's own.
  if (!/\/(logout|me\/close)\/$/.test(target.getAttribute("action") ?? "")) return;
  leaveNoList();
  addEventListener("pagehide", leaveNoList); // a page that is still looking writes nothing back
});
