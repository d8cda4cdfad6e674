// Runs a k6 script where k6 is not to be had, to see that the script does what it says: its one scenario of ramping virtual users,
// and its thresholds. It is no load generator: one thread does everything, and times are those of a busy Node.js.
//
//   node eng/k6/stand-in/run.mjs docs/perf/k6_widget_websocket.js
//
// Prints a line for each threshold, "passed" or "failed", and exits with 99, as k6 does, if one failed.
import { register } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

register(new URL('hooks.mjs', import.meta.url));
const { metrics } = await import('./k6.mjs');

const script = pathToFileURL(process.argv[2]).href;
const { options, setup } = await import(`${script}?user=0`);
const [scenario] = Object.values(options.scenarios);
const stages = scenario.stages.map(({ duration, target }) => ({ milliseconds: 1000 * parseInt(duration, 10), target }));
const end = stages.reduce((sum, stage) => sum + stage.milliseconds, 0);
const most = Math.max(...stages.map((stage) => stage.target));
const begun = performance.now();

setup?.();
await Promise.all(Array.from({ length: most }, (_, i) => live(i + 1)));
process.exit(report() ? 0 : 99);

/** Iterates while there are to be as many as this one. What is begun is ended. */
async function live(user) {
  const { default: iterate } = await import(`${script}?user=${user}`);
  for (let now = 0; now < end; now = performance.now() - begun) {
    if (wanted(now) >= user) {
      await iterate();
    } else {
      await pause(20);
    }
  }
}

/** How many users there are to be at a moment: between two stages on a straight line. */
function wanted(now) {
  let [from, begins] = [scenario.startVUs ?? 0, 0];
  for (const { milliseconds, target } of stages) {
    if (now < begins + milliseconds) {
      return Math.round(from + ((target - from) * (now - begins)) / milliseconds);
    }

    [from, begins] = [target, begins + milliseconds];
  }

  return from;
}

function report() {
  let isGood = true;
  for (const [name, conditions] of Object.entries(options.thresholds)) {
    for (const condition of conditions) {
      const [, what, percent, comparison, limit] = /^(count|rate|p\((\d+)\))(==|>=|<|>)([\d.]+)$/.exec(condition);
      const metric = metrics.get(name);
      const value = percent ? metric.quantile(Number(percent)) : metric[what];
      const passed = { '==': value === Number(limit), '>=': value >= Number(limit), '<': value < Number(limit), '>': value > Number(limit) }[comparison];
      console.log(`${passed ? 'passed' : 'failed'} ${name} ${condition}: ${Number(value.toFixed(4))} of ${metric.values.length}`);
      isGood &&= passed;
    }
  }

  return isGood;
}
