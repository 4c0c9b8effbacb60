// The filter list without the page: entries, what is typed, what is chosen. Values are strings; chosen values survive
// filtering, and also entries being replaced: a chosen value that is not offered any more stays, and says so.

// As a person searches: without case, accents and punctuation marks that nobody types.
export function folded(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

const entry = ([value, label, detail, reason]) => ({ value, label, detail, reason });

export class FilterListModel {
  // rows: [[value, label, detail, reason]]; an entry with a reason cannot be newly chosen. With a total, they are the
  // beginning of a list that is still to come: what is chosen further down is not lost.
  // match "beginning": what is typed is the beginning of a word, not any part of one ("f" is no twelfth grade).
  constructor(rows, chosen, { missing = "no longer offered", total = "", match = "" } = {}) {
    this.missing = missing;
    this.before = match === "beginning" ? " " : "";
    this.total = Number(total);
    this.chosen = new Set(chosen);
    this.text = "";
    this.onlyChosen = false;
    this.offer(rows.map(entry), !total);
  }

  replace(rows) {
    this.offer(rows.map(entry), true);
  }

  offer(entries, whole) {
    this.whole = whole;
    this.offered = new Map(entries.map((entry) => [entry.value, entry]));
    const lost = whole ? [...this.chosen].filter((value) => !this.offered.has(value)) : [];
    this.entries = [...lost.map((value) => ({ value, label: value, detail: this.missing, lost: true })), ...entries];
    this.index = this.entries.map(({ value, label, detail = "" }) => folded(` ${label} ${detail} ${value}`));
    this.narrow();
  }

  narrow() {
    const words = folded(this.text).split(/\s+/).filter(Boolean);
    this.shown = this.entries.filter(
      (entry, i) =>
        (!this.onlyChosen || this.chosen.has(entry.value)) && words.every((word) => this.index[i].includes(this.before + word)),
    );
  }

  filter(text, onlyChosen = this.onlyChosen) {
    this.text = text;
    this.onlyChosen = onlyChosen;
    this.narrow();
  }

  canToggle(entry) {
    return !entry.reason || this.chosen.has(entry.value);
  }

  toggle(entry) {
    if (!this.canToggle(entry)) return false;
    if (!this.chosen.delete(entry.value)) this.chosen.add(entry.value);
    return true;
  }

  // Select All means all of those filtered; Clear All means all.
  selectShown() {
    if (!this.whole) return;
    for (const entry of this.shown) {
      if (!entry.reason) this.chosen.add(entry.value);
    }
  }

  clear() {
    this.chosen.clear();
    this.offer([...this.offered.values()], this.whole);
  }

  summary() {
    const number = (n) => n.toLocaleString("en-US");
    const parts = [`${number(this.chosen.size)} chosen`];
    if (!this.whole) return `${parts[0]}, ${number(this.total)} in the list`;
    if (this.shown.length !== this.entries.length) {
      parts.push(`${number(this.shown.length)} of ${number(this.entries.length)} shown`);
    } else {
      parts.push(`${number(this.entries.length)} in the list`);
    }
    const lost = this.entries.filter((entry) => entry.lost && this.chosen.has(entry.value)).length;
    if (lost) parts.push(`${number(lost)} chosen but ${this.missing}`);
    return parts.join(", ");
  }
}
