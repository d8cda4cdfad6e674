// Where rows of different heights lie below each other: measured heights where they are known, estimates elsewhere.
export class Offsets {
  #rows = [];
  #index = new Map();
  #heights = new Map();
  #starts = new Float64Array(1);
  #estimate;
  #isStale = false;

  /** @param estimate The probable height of a row that was never seen. */
  constructor(estimate) {
    this.#estimate = estimate;
  }

  get count() {
    return this.#rows.length;
  }

  get total() {
    this.#sum();
    return this.#starts[this.#rows.length];
  }

  /** Takes the rows that there are now. Heights stay known by the rows' keys. */
  setRows(rows) {
    if (rows === this.#rows) return;
    this.#rows = rows;
    this.#index = new Map(rows.map((row, i) => [row.key, i]));
    this.#isStale = true;
  }

  /** Notes a measured height; whether it is news. */
  measure(key, height) {
    if (Math.abs((this.#heights.get(key) ?? -1) - height) < 0.25) return false;
    this.#heights.set(key, height);
    this.#isStale = true;
    return true;
  }

  indexOf(key) {
    return this.#index.get(key) ?? -1;
  }

  /** Where the row begins; for the number of rows, where the last one ends. */
  start(index) {
    this.#sum();
    return this.#starts[Math.max(0, Math.min(index, this.#rows.length))];
  }

  /** The row at a height: the first one whose end lies below it. */
  at(y) {
    this.#sum();
    let [low, high] = [0, Math.max(0, this.#rows.length - 1)];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle + 1] > y) high = middle;
      else low = middle + 1;
    }

    return low;
  }

  #sum() {
    if (!this.#isStale) return;
    this.#isStale = false;
    const rows = this.#rows;
    const starts = new Float64Array(rows.length + 1);
    for (let i = 0; i < rows.length; i++) {
      starts[i + 1] = starts[i] + (this.#heights.get(rows[i].key) ?? this.#estimate(rows[i]));
    }

    this.#starts = starts;
  }
}
