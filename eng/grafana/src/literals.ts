import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { folder, read } from './folder.js';

// The files themselves are type-checked, too, by tsconfig.committed.json. As literals: TypeScript takes the words of an imported JSON
// file for any string, and would let a line style through that Grafana does not have.
const literals = [...read(folder())].map(
  ([file, text]) => `export const ${file.replaceAll(/\W/g, '_')}: Dashboard = ${text.trimEnd()};\n`,
);
writeFileSync(
  fileURLToPath(new URL('committed.ts', import.meta.url)),
  `import type { Dashboard } from '../src/schema.js';\n\n${literals.join('\n')}`,
);
