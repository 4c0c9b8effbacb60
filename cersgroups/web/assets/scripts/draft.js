// The form of a profile being made ([data-draft]): leaving by a tab or a [data-keeps] link sends it first, so that nothing
// is lost that was changed a moment ago; [data-fills="id"] reads a text file into that field; the first fault gets the focus.

document.addEventListener("click", (event) => {
  const link = event.target.closest(".tabs a[href], a[data-keeps]");
  const form = document.querySelector("form[data-draft]");
  if (!link || !form || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  form.elements.namedItem("next").value = link.getAttribute("href");
  form.submit(); // without a button: it keeps the draft, it does not save the profile
});

document.addEventListener("change", async (event) => {
  const target = event.target.dataset?.fills && document.getElementById(event.target.dataset.fills);
  const [file] = event.target.files ?? [];
  if (!target || !file) return;
  const text = await file.text();
  target.value = [target.value.trimEnd(), text].filter(Boolean).join("\n");
  target.dispatchEvent(new Event("change", { bubbles: true }));
});

// From a change until its figures have come the panel says so; those of before stay. The server counts beside its answers: it
// answers "counting" at once, and the page asks again (hx-trigger).
const busy = (yes) => document.getElementById("preview-panel")?.setAttribute("aria-busy", String(yes));
let changed = false; // since it was asked

for (const kind of ["change", "input"]) {
  document.addEventListener(kind, (event) => {
    if (!event.target.closest("form[data-draft]")) return;
    changed = true;
    busy(true);
  });
}
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "preview") changed = false;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "preview") busy(changed);
});

// A preview that failed must not look like one that is up to date.
for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, (event) => {
    const preview = document.getElementById("preview");
    if (!preview || !preview.contains(event.detail.target)) return;
    const sentence = document.createElement("p");
    sentence.setAttribute("role", "alert");
    sentence.textContent = "The preview could not be made. Reload the page; your choices are kept.";
    preview.replaceChildren(sentence);
    busy(false);
  });
}

document.addEventListener("DOMContentLoaded", () => document.querySelector("[data-focus]")?.focus());
