/* The code on the host's screen is fetched anew when its minute is over, also after the screen was dark for a while. */

const PLACE = "door-code";
const AGAIN = 5000;
let timer = 0;

async function renew() {
  clearTimeout(timer);
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(PLACE);
    if (!answer.ok || !fresh) throw new Error(String(answer.status));
    document.getElementById(PLACE).replaceWith(fresh);
    wait();
  } catch {
    timer = setTimeout(renew, AGAIN);
  }
}

function wait() {
  timer = setTimeout(renew, Number(document.getElementById(PLACE).dataset.next) * 1000 + 500);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) renew();
});
wait();
