/** Lets everything run that waits for nothing but its turn. */
export async function settle() {
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A clock that stands still until it is moved. */
export class FakeClock {
  #now = Date.parse('2026-01-01T00:00:00Z');
  #timers = new Map();
  #next = 1;

  now = () => this.#now;

  setTimeout = (callback, milliseconds) => {
    const id = this.#next++;
    this.#timers.set(id, { at: this.#now + milliseconds, callback });
    return id;
  };

  clearTimeout = (id) => void this.#timers.delete(id);

  /** Timers that wait. */
  get waiting() {
    return this.#timers.size;
  }

  /** Moves on, from timer to timer. */
  async advance(milliseconds) {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      const [next] = [...this.#timers].sort(([a, x], [b, y]) => x.at - y.at || a - b);
      if (!next || next[1].at > end) {
        break;
      }

      this.#now = Math.max(this.#now, next[1].at);
      this.#timers.delete(next[0]);
      next[1].callback();
      await settle();
    }

    this.#now = end;
    await settle();
  }

  /** Moves on as a sleeping machine does: what was due fires late, all at once. */
  async sleep(milliseconds) {
    this.#now += milliseconds;
    await this.advance(0);
  }
}
