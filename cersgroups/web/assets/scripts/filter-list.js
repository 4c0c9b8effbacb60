// The filter list on the page (templates/web/partials/filter_list.html). It is a list box: one stop for Tab, arrows move,
// Space chooses. Only the rows in view (and some around) are in the document; aria-setsize and aria-posinset tell the rest.
import { FilterListModel } from "./filter-list-model.js";

const SPARE = 10; // rows drawn above and below those in view

class FilterList {
  constructor(root) {
    this.root = root;
    const find = (part) => root.querySelector(`[data-part="${part}"]`);
    this.parts = {
      filter: find("filter"), only: find("only"), rows: find("rows"), space: find("space"), options: find("options"),
      all: find("all"), clear: find("clear"), count: find("count"), field: find("field"), empty: find("empty"),
      shown: find("shown"),
    };
    const entries = JSON.parse(find("entries").textContent);
    this.model = new FilterListModel(entries, JSON.parse(this.parts.field.value || "[]"), root.dataset);
    this.model.filter(this.parts.filter.value, this.parts.only?.checked); // who is quick has typed before we were here
    this.active = 0;
    this.listen();
    this.follow();
    this.refresh();
    this.moveToChosen();
    if (!this.model.whole) this.fetchOptions();
  }

  listen() {
    const { filter, only, rows, options, all, clear } = this.parts;
    filter.addEventListener("input", () => this.search());
    filter.addEventListener("keydown", (event) => this.filterKey(event));
    only?.addEventListener("change", () => this.search());
    rows.addEventListener("scroll", () => this.draw(), { passive: true });
    options.addEventListener("click", (event) => this.click(event));
    options.addEventListener("keydown", (event) => this.listKey(event));
    all.addEventListener("click", () => this.change(() => this.model.selectShown()));
    clear.addEventListener("click", () => this.change(() => this.model.clear()));
    new ResizeObserver(() => this.draw()).observe(rows);
  }

  // data-options-url and data-depends="departments,subject_areas": when one of those lists of the same form changes, the
  // form is posted there and the answer {"entries": [...]} replaces what this list offers. With data-total, the page holds
  // the beginning of the list only, and so many are asked for at once.
  follow() {
    const { optionsUrl, depends } = this.root.dataset;
    if (!optionsUrl) return;
    this.form = this.root.closest("form");
    const names = depends.split(",").filter(Boolean); // the Filter boxes of all lists are fields without a name
    const listen = (event) => {
      if (!this.root.isConnected) this.form.removeEventListener("change", listen); // another type came: it lists nothing
      else if (names.includes(event.target.name) && event.target !== this.parts.field) this.fetchOptions();
    };
    this.form.addEventListener("change", listen);
  }

  async fetchOptions() {
    this.asked?.abort();
    this.asked = new AbortController();
    this.root.setAttribute("aria-busy", "true");
    const url = new URL(this.root.dataset.optionsUrl, location.href);
    try {
      const answer = await fetch(url, {
        method: "POST", body: new FormData(this.form), signal: this.asked.signal, headers: { Accept: "application/json" },
        redirect: "error", // to the sign-in page: what it has to say is for the person, not for this list
      });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const { entries } = await answer.json();
      const first = !this.model.whole;
      this.model.replace(entries);
      this.root.removeAttribute("aria-busy");
      if (!first) this.active = 0;
      this.refresh();
      if (first && this.active === 0) this.moveToChosen();
    } catch (error) {
      if (error.name === "AbortError") return;
      this.root.removeAttribute("aria-busy");
      this.parts.count.textContent = "The list could not be fetched anew. Reload the page.";
    }
  }

  search() {
    this.model.filter(this.parts.filter.value, this.parts.only?.checked);
    this.active = 0;
    this.parts.rows.scrollTop = 0;
    this.refresh();
  }

  change(act) {
    act();
    this.parts.field.value = JSON.stringify([...this.model.chosen]);
    if (this.model.onlyChosen) this.model.narrow();
    this.active = Math.max(0, Math.min(this.active, this.model.shown.length - 1));
    this.refresh();
    this.parts.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  toggle(position) {
    const entry = this.model.shown[position];
    if (entry && this.model.canToggle(entry)) this.change(() => this.model.toggle(entry));
  }

  click(event) {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    this.active = Number(option.dataset.position);
    this.toggle(this.active);
    this.refresh();
  }

  filterKey(event) {
    if (event.key === "Enter") {
      event.preventDefault(); // it must not send the form
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      this.parts.options.focus();
    } else if (event.key === "Escape" && this.parts.filter.value) {
      event.preventDefault();
      event.stopPropagation();
      this.parts.filter.value = "";
      this.search();
    }
  }

  listKey(event) {
    const last = this.model.shown.length - 1;
    const page = Math.max(1, Math.floor(this.parts.rows.clientHeight / this.rowHeight()) - 1);
    const moves = {
      ArrowDown: this.active + 1, ArrowUp: this.active - 1, Home: 0, End: last,
      PageDown: this.active + page, PageUp: this.active - page,
    };
    if (event.key in moves && !event.altKey && !event.metaKey) {
      this.moveTo(Math.max(0, Math.min(last, moves[event.key])));
    } else if (event.key === " " || event.key === "Enter") {
      this.toggle(this.active);
    } else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      this.change(() => this.model.selectShown());
    } else {
      return;
    }
    event.preventDefault();
  }

  // Who opens the page sees what is chosen.
  moveToChosen() {
    this.moveTo(Math.max(0, this.model.shown.findIndex((entry) => this.model.chosen.has(entry.value))));
  }

  moveTo(position) {
    this.active = position;
    const { rows } = this.parts;
    const [top, height] = [position * this.rowHeight(), this.rowHeight()];
    if (top < rows.scrollTop) rows.scrollTop = top;
    if (top + height > rows.scrollTop + rows.clientHeight) rows.scrollTop = top + height - rows.clientHeight;
    this.draw();
  }

  refresh() {
    this.parts.rows.style.setProperty("--rows", Math.max(2, Math.min(8, this.model.entries.length)));
    this.draw();
    this.parts.count.textContent = this.model.summary();
    this.parts.empty.hidden = !this.model.whole || this.model.shown.length > 0;
    this.parts.shown.classList.toggle("visually-hidden", this.model.shown.length === this.model.entries.length);
    this.parts.all.disabled = !this.model.whole || this.model.shown.length === 0;
  }

  rowHeight() {
    const row = this.parts.options.firstElementChild;
    if (row) this.height = row.getBoundingClientRect().height || this.height;
    return this.height ?? 36;
  }

  draw() {
    const { rows, space, options } = this.parts;
    const { shown } = this.model;
    if (!options.firstElementChild && shown.length) options.append(this.option(shown[0], 0)); // to be measured
    const height = this.rowHeight();
    space.style.height = `${shown.length * height}px`;
    const first = Math.max(0, Math.floor(rows.scrollTop / height) - SPARE);
    const end = Math.min(shown.length, Math.ceil((rows.scrollTop + rows.clientHeight) / height) + SPARE);
    const inView = shown.slice(first, end).map((entry, i) => this.option(entry, first + i));
    if (shown.length && (this.active < first || this.active >= end)) {
      // The active row stays in the document wherever the list was scrolled to, for assistive technology reads it.
      const kept = this.option(shown[this.active], this.active);
      kept.classList.add("visually-hidden");
      inView.push(kept);
    }
    options.style.transform = `translateY(${first * height}px)`;
    options.replaceChildren(...inView);
    if (shown.length) options.setAttribute("aria-activedescendant", this.optionId(this.active));
    else options.removeAttribute("aria-activedescendant");
  }

  optionId(position) {
    return `${this.root.id}-option-${position}`;
  }

  option(entry, position) {
    const option = document.createElement("li");
    option.id = this.optionId(position);
    option.dataset.position = position;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(this.model.chosen.has(entry.value)));
    option.setAttribute("aria-setsize", this.model.shown.length);
    option.setAttribute("aria-posinset", position + 1);
    if (!this.model.canToggle(entry)) option.setAttribute("aria-disabled", "true");
    if (position === this.active) option.dataset.active = "";
    const box = document.createElement("span");
    box.className = "filter-list-box";
    const text = document.createElement("span");
    text.className = "filter-list-text";
    text.textContent = entry.label;
    const detail = [entry.detail, entry.reason].filter(Boolean).join(" · ");
    if (detail) {
      const small = document.createElement("small");
      small.textContent = detail;
      text.append(" ", small);
    }
    option.title = text.textContent;
    option.append(box, text);
    return option;
  }
}

const ready = new WeakSet();

export function enhance(root) {
  const lists = root.matches?.(".filter-list") ? [root] : root.querySelectorAll(".filter-list");
  for (const list of lists) {
    if (!ready.has(list)) {
      ready.add(list);
      new FilterList(list);
    }
  }
}
