// Loads k6's modules from the stand-in, and the script once for each virtual user: each has its own globals, as in k6.
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';

const modules = new URL('k6.mjs', import.meta.url).href;

export function resolve(specifier, context, next) {
  return specifier.startsWith('k6/') ? { url: modules, shortCircuit: true } : next(specifier, context);
}

export function load(url, context, next) {
  const user = new URL(url).searchParams.get('user');
  if (user === null) {
    return next(url, context);
  }

  const source = readFileSync(fileURLToPath(url), 'utf8');
  return { format: 'module', source: `const __VU = ${user}, __ITER = 0, __ENV = process.env;\n${source}`, shortCircuit: true };
}
