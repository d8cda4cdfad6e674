import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that the script was called with. */
export function folder(): string {
  const [, script, named] = process.argv;
  if (named === undefined) {
    throw new Error(`${script}: which folder?`);
  }
  return named;
}

/** The texts of a folder's dashboards, by the names of their files. */
export const read = (from: string) =>
  new Map(
    readdirSync(from)
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => [file, readFileSync(join(from, file), 'utf8')] as const),
  );
