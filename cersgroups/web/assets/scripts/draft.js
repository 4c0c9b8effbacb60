// The form of a profile being made ([data-draft]): leaving by a tab or a [data-keeps] link sends it first, so that nothing
// is lost that was changed a moment ago; [data-fills="id"] adds the students of a file to that field; the first fault gets the focus.

document.addEventListener("click", (event) => {
  const link = event.target.closest(".tabs a[href], a[data-keeps]");
  const form = document.querySelector("form[data-draft]");
  if (!link || !form || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  form.elements.namedItem("next").value = link.getAttribute("href");
  form.submit(); // without a button: it keeps the draft, it does not save the profile
});

// The server reads the file by itself, so that its header is the first line, and answers IDs, one per line, and sentences.
document.addEventListener("change", async (event) => {
  const { fills, readBy } = event.target.dataset ?? {};
  const [file] = event.target.files ?? [];
  const target = fills && document.getElementById(fills);
  if (!target || !file) return;
  const place = document.querySelector(`#${event.target.getAttribute("aria-describedby")} ul`);
  const tell = (sentences) => place.replaceChildren(...sentences.map((sentence) => {
    const line = document.createElement("li");
    line.textContent = sentence;
    return line;
  }));
  tell([`Reading ${file.name} …`]);
  const { students, told } = await readStudents(new URL(readBy, location.href), file, target.form);
  tell(told);
  event.target.value = ""; // the same file can be chosen again, once it is mended
  if (!students) return;
  target.value = [target.value.trimEnd(), students].filter(Boolean).join("\n\n");
  target.dispatchEvent(new Event("change", { bubbles: true }));
});

async function readStudents(url, file, form) {
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "lea"]) body.append(name, form.elements.namedItem(name).value);
  body.append("file", file);
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
    if (answer.status === 413) return { told: [`${file.name} is too large. Save the columns with the IDs alone, and choose that file.`] };
    return await answer.json();
  } catch {
    return { told: ["The file could not be read. Paste the IDs instead, or reload the page and try again."] };
  }
}

// From a change until its figures have come the panel says so; those of before stay. The server counts beside its answers: it
// answers "counting" within about a second, or "queued" at once where others come first, and the page asks again, later then (hx-trigger).
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
    sentence.textContent = "The preview could not be made. Wait a minute, then change something; what was changed last may not be kept if you reload.";
    preview.replaceChildren(sentence);
    busy(false);
  });
}

document.addEventListener("DOMContentLoaded", () => document.querySelector("[data-focus]")?.focus());
