import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folder, read } from './folder.js';
import { write } from './write.js';

const temporary = mkdtempSync(join(tmpdir(), 'replyx-dashboards-'));
try {
  write(temporary);
  const [built, found] = [read(temporary), read(folder())];
  const differing = [...new Set([...built.keys(), ...found.keys()])].filter((file) => built.get(file) !== found.get(file));
  if (differing.length > 0) {
    console.error(`${folder()}: "npm run build" writes something else: ${differing.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(temporary, { recursive: true });
}
