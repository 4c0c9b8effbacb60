// What a page asks by itself, without an event (hx-trigger="every 2s", "load"), says so: it shows nobody at work, and so it
// keeps no session alive (web/idle.py).
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.triggeringEvent) event.detail.headers.Poll = "yes";
});
