// The form with which a roster is uploaded ([data-upload], templates/web/roster/upload.html): files are dropped or chosen;
// it says what was chosen and how much is sent. htmx sends it; without this script the form is a form as any other.

const number = (n) => n.toLocaleString("en-US");
const size = (bytes) => (bytes < 2 ** 20 ? `${number(Math.ceil(bytes / 1024))} KB` : `${number(Math.round(bytes / 2 ** 20))} MB`);

function part(form, name) {
  return form.querySelector(`[data-part="${name}"]`);
}

function refusal(form, files) {
  const bytes = [...form.querySelectorAll("input[type=file]")].flatMap((i) => [...i.files]).reduce((n, f) => n + f.size, 0);
  const most = Number(form.dataset.maxBytes);
  if (files.length > Number(form.dataset.maxFiles)) return `These are more than ${form.dataset.maxFiles} files. Put them into one zip.`;
  return bytes > most ? `Together the files have ${size(bytes)}, more than ${size(most)}. Zip them, or send less.` : "";
}

function tell(form) {
  const input = form.elements.roster;
  const names = [...input.files].slice(0, 5).map((file) => `${file.name} (${size(file.size)})`);
  if (input.files.length > 5) names.push(`and ${number(input.files.length - 5)} more`);
  input.setCustomValidity(refusal(form, input.files));
  part(form, "refusal").replaceChildren();
  part(form, "chosen").textContent = input.validationMessage || (names.length ? `Chosen: ${names.join(", ")}` : "");
}

// The files of what was dropped; of a folder those that lie at its top.
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const inside = await Promise.all(entries.map((entry) => (entry.isDirectory ? listed(entry) : [entry])));
  const files = inside.flat().filter((entry) => entry.isFile && /\.(csv|zip)$/i.test(entry.name));
  return Promise.all(files.map((entry) => new Promise((resolve, reject) => entry.file(resolve, reject))));
}

async function listed(folder) {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return all;
    all.push(...some);
  }
}

async function drop(event, form) {
  const files = new DataTransfer();
  for (const file of await dropped(event.dataTransfer)) files.items.add(file);
  form.elements.roster.files = files.files;
  tell(form);
}

function overForm(event) {
  return event.target.closest?.("[data-upload]");
}

document.addEventListener("change", (event) => {
  const form = overForm(event);
  if (form && event.target.type === "file") tell(form);
});

for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const form = overForm(event);
    if (!form || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    part(form, "drop").toggleAttribute("data-over", name === "dragenter" || name === "dragover");
    if (name === "drop") drop(event, form);
  });
}

document.addEventListener("htmx:beforeRequest", (event) => showProgress(overForm(event), true));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = overForm(event);
  showProgress(form, Boolean(form && event.detail.successful && event.detail.xhr.getResponseHeader("HX-Redirect")));
  if (form && !event.detail.successful) {
    part(form, "refusal").textContent = "The files did not arrive whole, so nothing was changed. Try again.";
  }
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const form = overForm(event);
  if (!form || !event.detail.lengthComputable) return;
  const share = Math.round((100 * event.detail.loaded) / event.detail.total);
  form.querySelector("progress").value = share;
  part(form, "told").textContent = share < 100 ? `Sending the files: ${share}%` : "Storing the files";
});

function showProgress(form, shown) {
  if (form) part(form, "progress").hidden = !shown;
}
