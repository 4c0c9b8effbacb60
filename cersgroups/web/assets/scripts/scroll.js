// A table that is wider than its place is scrolled by keyboard too: its frame becomes a stop for Tab.

const frames = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));

function mark(frame) {
  if (frame.scrollWidth > frame.clientWidth) {
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", frame.querySelector("caption")?.textContent ?? "Table");
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
  }
}

export function watchTables(root) {
  const found = root.matches?.(".table-scroll") ? [root] : root.querySelectorAll(".table-scroll");
  for (const frame of found) frames.observe(frame);
}
