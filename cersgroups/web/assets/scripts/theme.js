// Loaded before the page is drawn, so that no light flash precedes a dark page. The choice is light, dark, or the system's.
const KEY = "cersgroups-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

function stored() {
  try {
    return localStorage.getItem(KEY) ?? "system";
  } catch {
    return "system"; // storage may be forbidden
  }
}

function apply(choice) {
  const theme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
  document.documentElement.setAttribute("data-bs-theme", theme);
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
}

function choose(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // it holds for this page only
  }
  apply(choice);
}

apply(stored());
dark.addEventListener("change", () => apply(stored()));
document.addEventListener("DOMContentLoaded", () => apply(stored()));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (button) choose(button.dataset.themeChoice);
});
