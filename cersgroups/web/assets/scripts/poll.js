// What a page asks by itself says so: it shows nobody at work, keeps no session alive (web/idle.py) and is counted for itself
// (web/page_limit.py). That is what no event caused (hx-trigger="every 2s", "load"), and what the server bade it ask again.
document.addEventListener("htmx:configRequest", (event) => {
  const cause = event.detail.triggeringEvent?.type;
  if (cause === "counting" || cause === "queued") event.detail.headers.Poll = "again";
  else if (!cause) event.detail.headers.Poll = "yes";
});
