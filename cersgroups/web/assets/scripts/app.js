import "htmx.org";
import "./dialog.js";
import "./menu.js";
import "./poll.js";
import "./draft.js";
import "./upload.js";
import { enhance } from "./filter-list.js";
import { watchTables } from "./scroll.js";

function begin(root) {
  enhance(root);
  watchTables(root);
}

document.addEventListener("DOMContentLoaded", () => begin(document));
document.addEventListener("htmx:load", (event) => begin(event.target));

// django-allauth's script for passkeys tells failures by an event only; people need a sentence.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.querySelector("[data-passkey-error]") ?? document.getElementById("messages");
  said.textContent = "No passkey was used. Try again, or choose another way.";
});
