// Numbered pages go further without a reload: the next page's list is joined below, its numbers replace ours.
const { say } = window.words;

function offer(nav) {
  const next = nav.querySelector("a[rel=next]");
  if (!next || nav.querySelector(".more")) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn more", textContent: say("继续看", "Show more") });
  button.addEventListener("click", () => more(nav, next.href, button));
  nav.prepend(button);
}

async function more(nav, address, button) {
  const list = document.querySelector(nav.dataset.loadMore);
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const rows = [...page.querySelector(nav.dataset.loadMore).children];
    const known = new Set([...list.children].map((row) => row.id).filter(Boolean));
    const fresh = rows.filter((row) => !row.id || !known.has(row.id));
    list.append(...fresh);
    window.htmx?.process(list);
    document.dispatchEvent(new CustomEvent("more", { detail: { list, rows: fresh } }));
    const pages = page.querySelector("nav[data-load-more]");
    pages ? nav.replaceWith(pages) : nav.remove();
    if (pages) offer(pages);
    // Where a reader goes on, also for who hears the page.
    const stop = fresh[0]?.querySelector("a, button");
    stop?.focus({ preventScroll: true });
    history.replaceState(history.state, "", address);
  } catch {
    location.href = address;
  }
}

document.querySelectorAll("nav[data-load-more]").forEach(offer);
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll?.("nav[data-load-more]").forEach(offer));
