/**
 * Random numbers that a seed repeats. The seed stands in the message of whatever fails.
 * REPLYX_SEED gives one.
 */
export function seeded() {
  const seed = Number(process.env.REPLYX_SEED ?? Math.floor(Math.random() * 2 ** 31));
  let state = seed >>> 0;
  return {
    seed,
    /** mulberry32 */
    random() {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}

/** Runs a test with random numbers, and names the seed where it fails. */
export const withSeed = (test) => async () => {
  const { seed, random } = seeded();
  try {
    await test(random);
  } catch (error) {
    error.message = `seed ${seed} (REPLYX_SEED=${seed} repeats this run): ${error.message}`;
    throw error;
  }
};
