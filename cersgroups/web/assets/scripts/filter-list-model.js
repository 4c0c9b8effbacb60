// The filter list without the page: entries, what is typed, what is chosen. Values are strings; chosen values survive
// filtering, and also entries being replaced: a chosen value that is not offered any more stays, and says so.

// As a person searches: without case, accents and punctuation marks that nobody types.
export function folded(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

export class FilterListModel {
  // entries: [{value, label, detail?, reason?}]; an entry with a reason cannot be newly chosen.
  constructor(entries, chosen, { missing = "no longer offered" } = {}) {
    this.missing = missing;
    this.chosen = new Set(chosen);
    this.text = "";
    this.onlyChosen = false;
    this.replace(entries);
  }

  replace(entries) {
    this.offered = new Map(entries.map((entry) => [entry.value, entry]));
    const lost = [...this.chosen].filter((value) => !this.offered.has(value));
    this.lost = lost.length;
    this.entries = [...lost.map((value) => ({ value, label: value, detail: this.missing, lost: true })), ...entries];
    this.index = this.entries.map(({ value, label, detail = "" }) => folded(`${label} ${detail} ${value}`));
    this.narrow();
  }

  narrow() {
    const words = folded(this.text).split(/\s+/).filter(Boolean);
    this.shown = this.entries.filter(
      (entry, i) =>
        (!this.onlyChosen || this.chosen.has(entry.value)) && words.every((word) => this.index[i].includes(word)),
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
    for (const entry of this.shown) {
      if (!entry.reason) this.chosen.add(entry.value);
    }
  }

  clear() {
    this.chosen.clear();
    this.replace([...this.offered.values()]);
  }

  summary() {
    const number = (n) => n.toLocaleString("en-US");
    const parts = [`${number(this.chosen.size)} chosen`];
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
