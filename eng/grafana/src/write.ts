import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards } from './dashboards/index.js';
import { read } from './folder.js';

/** Writes every dashboard into a folder, and takes out of it those that are none any more. */
export function write(to: string) {
  mkdirSync(to, { recursive: true });
  for (const file of read(to).keys()) {
    rmSync(join(to, file));
  }
  for (const [name, dashboard] of Object.entries(dashboards)) {
    writeFileSync(join(to, `${name}.json`), `${JSON.stringify(dashboard, null, 2)}\n`);
  }
}
