// Menus are <details class="menu">: they close by Escape, by a click elsewhere, and when the keyboard leaves them.
// [data-toggles="id"] opens and closes the narrow screen's tabs.

function close(menu, { focus = false } = {}) {
  menu.open = false;
  if (focus) menu.querySelector("summary").focus();
}

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest(".menu[open]");
  if (menu) close(menu, { focus: true });
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(event.target)) close(menu);
  }
  const toggle = event.target.closest("[data-toggles]");
  if (toggle) {
    const open = document.getElementById(toggle.dataset.toggles).toggleAttribute("data-open");
    toggle.setAttribute("aria-expanded", String(open));
  }
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest(".menu[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu);
});
