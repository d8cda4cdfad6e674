// check.js FILE...   prints a line for each fault, and ends with 1 if there is one
//
// What a file is, its place says: workflows/*.yml and actions/*/action.yml are held to GitHub's own schema of workflows, which is in
// @actions/workflow-parser, and every expression in them to what it can reach (@actions/languageservice); KIND.json and
// KIND-of-*.json, bodies of requests, to api.json, with no property that GitHub does not name.
import { validate } from '@actions/languageservice';
import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';

// GitHub takes properties that it does not know, and does nothing about them.
function close(schema) {
  if (typeof schema !== 'object' || schema === null) return schema;
  Object.values(schema).forEach(close);
  if (schema.type === 'object' && schema.properties) schema.additionalProperties ??= false;
  return schema;
}

const api = close(JSON.parse(readFileSync(new URL('./api.json', import.meta.url), 'utf8')));
const ajv = new Ajv({ strict: false, allErrors: true });

function checkBody(file, text) {
  const kind = basename(file, '.json').split('-of-')[0];
  const isValid = ajv.compile({ ...api, $ref: `#/definitions/${kind}` });
  if (isValid(JSON.parse(text))) return [];
  // Of each alternative that was not meant it says why: the longest way into the body is the one that was.
  const depth = Math.max(...isValid.errors.map(error => error.instancePath.split('/').length));
  const faults = isValid.errors
    .filter(error => error.instancePath.split('/').length === depth)
    .map(error => `${error.instancePath} ${error.message} ${error.params.additionalProperty ?? ''}`.trim());
  return [...new Set(faults)];
}

async function checkYaml(file, text) {
  // What it parsed it remembers by the address, and so each file has one of its own.
  const uri = `file:///repository/${++checked}/.github/${file.includes('/actions/') ? 'actions/it/action.yml' : 'workflows/it.yml'}`;
  const faults = await validate(TextDocument.create(uri, 'github-actions-workflow', 0, text), {
    fileProvider: { getFileContent: async () => { throw new Error('There are no reusable workflows here.'); } },
  });
  return faults.map(fault => `${fault.range.start.line + 1}: ${fault.message}`);
}

let faults = 0, checked = 0;
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, 'utf8');
  for (const fault of file.endsWith('.json') ? checkBody(file, text) : await checkYaml(file, text)) {
    faults++;
    console.log(`${file}:${fault}`);
  }
}
process.exitCode = faults ? 1 : 0;
