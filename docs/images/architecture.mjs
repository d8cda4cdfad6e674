// Draws the diagrams of docs/websocket/architecture.md: node docs/images/architecture.mjs
// Each Mermaid block becomes the picture that stands before it, docs/images/architecture/*.svg. A picture has the SHA-256 of its source in
// it, by which a test sees whether it is of the present one. Needs npm, and chromium on PATH (or its path in CHROMIUM).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const margin = 12;
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'docs/images/architecture');
const page = readFileSync(join(root, 'docs/websocket/architecture.md'), 'utf8');
const pattern = /!\[([^\]]+)\]\(\.\.\/images\/architecture\/([a-z-]+)\.svg\)\s+<details>\s+<summary>[^<]*<\/summary>\s+```mermaid\n([^]*?)```/g;
const diagrams = [...page.matchAll(pattern)].map(([, title, name, source]) => ({ title, name, source }));
const blocks = page.split('\n```mermaid\n').length - 1;
if (diagrams.length !== blocks) throw new Error(`${blocks} Mermaid blocks, but ${diagrams.length} have a picture before them`);

// Text as text: what is in a foreignObject is lost where a picture is no web page.
const settings = {
  startOnLoad: false,
  htmlLabels: false,
  flowchart: { htmlLabels: false, useMaxWidth: false, wrappingWidth: 320 },
  sequence: { useMaxWidth: false, mirrorActors: false },
  state: { useMaxWidth: false },
  fontFamily: '"Liberation Sans", Arial, Helvetica, sans-serif',
  theme: 'base',
  themeVariables: {
    background: '#ffffff',
    primaryColor: '#e8effc',
    primaryBorderColor: '#4a6fb5',
    primaryTextColor: '#1c2430',
    secondaryColor: '#ffffff',
    tertiaryColor: '#f7f9fc',
    lineColor: '#4b5563',
    clusterBkg: '#f7f9fc',
    clusterBorder: '#b6c2d6',
    edgeLabelBackground: '#ffffff',
    noteBkgColor: '#fff6d6',
    noteBorderColor: '#d9b84a',
    noteTextColor: '#1c2430',
    labelBoxBkgColor: '#e8effc',
    labelBoxBorderColor: '#4a6fb5',
    transitionLabelColor: '#1c2430',
    actorLineColor: '#c3cede',
    sequenceNumberColor: '#ffffff',
  },
  deterministicIds: true,
};

execFileSync('npm', ['ci', '--silent', '--no-audit', '--no-fund', '--prefix', join(root, 'eng/diagrams')], { stdio: 'inherit' });
const work = mkdtempSync(join(tmpdir(), 'architecture-'));
try {
  writeFileSync(join(work, 'page.html'), `<!doctype html><meta charset="utf-8"><body>
<script src="${pathToFileURL(join(root, 'eng/diagrams/node_modules/mermaid/dist/mermaid.min.js'))}"></script>
<script type="module">
  mermaid.initialize(${JSON.stringify(settings)});
  const drawn = [];
  try {
    for (const { name, source } of ${JSON.stringify(diagrams).replaceAll('<', '\\u003c')}) {
      const { svg } = await mermaid.render(name, source);
      // As a browser reads it, and written again as XML.
      const parsed = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg');
      drawn.push({ name, svg: new XMLSerializer().serializeToString(parsed) });
    }
  } catch (error) {
    drawn.push({ error: String(error) });
  }
  const result = document.createElement('pre');
  result.id = 'result';
  result.textContent = encodeURIComponent(JSON.stringify(drawn));
  document.body.replaceChildren(result);
</script>`);
  const html = execFileSync(process.env.CHROMIUM ?? 'chromium', [
    '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--allow-file-access-from-files',
    `--user-data-dir=${join(work, 'chromium')}`, '--virtual-time-budget=60000', '--dump-dom', pathToFileURL(join(work, 'page.html')).href,
  ], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'], timeout: 120_000 });
  const [, result] = html.match(/<pre id="result">([^<]*)<\/pre>/) ?? [];
  if (!result) throw new Error('chromium drew nothing');
  const drawn = JSON.parse(decodeURIComponent(result));
  const failed = drawn.find(({ error }) => error);
  if (failed) throw new Error(failed.error);

  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) rmSync(join(folder, old));
  for (const { title, name, source } of diagrams) {
    const hash = createHash('sha256').update(source).digest('hex');
    const { svg } = drawn.find((picture) => picture.name === name);
    const [x, y, width, height] = svg.match(/viewBox="([^"]*)"/)[1].split(' ').map(Number);
    const box = { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
    const attributes = Object.entries(box).map(([key, value]) => `${key}="${value}"`).join(' ');
    const text = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    const opened = svg.match(/<svg[^>]*>/)[0]
      .replace(/viewBox="[^"]*"/, `viewBox="${Object.values(box).join(' ')}"`)
      .replace(/ width="[^"]*"/, ` width="${box.width}"`)
      .replace(/ height="[^"]*"/, ` height="${box.height}"`);
    const first = `<title>${text}</title><metadata>source sha256:${hash}</metadata><rect ${attributes} fill="#fff"/>`;
    writeFileSync(join(folder, `${name}.svg`), `${opened}${first}${svg.slice(svg.indexOf('>') + 1)}\n`);
    console.log(`docs/images/architecture/${name}.svg`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
