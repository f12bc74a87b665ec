// "3 minutes ago" stays true while the page is open, also on a page that came from a cache.
const { say } = window.words;

function words(seconds) {
  if (seconds < 60) return say("刚刚", "just now");
  const [n, zh, en] =
    seconds < 3600 ? [Math.floor(seconds / 60), "分钟", "minute"]
    : seconds < 86400 ? [Math.floor(seconds / 3600), "小时", "hour"]
    : [Math.floor(seconds / 86400), "天", "day"];
  return say(`${n}${zh}前`, `${n} ${en}${n === 1 ? "" : "s"} ago`);
}

function refresh() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (seconds >= 0 && seconds < 7 * 86400) time.textContent = words(seconds);
  }
}

refresh();
setInterval(refresh, 60000);
