// How the platform does: its nodes, their pools, what they deliver and how fast.
import { html, useEffect, useMemo } from '../../ui/html.js';
import { Icon } from '../../ui/icon.js';
import { useStore } from '../../ui/store.js';
import { locale, useText } from '../i18n.js';
import { Nodes } from './nodes.js';
import { Plot } from './plot.js';
import { follow, socketsOf, status, sum, sumRate, worst } from './samples.js';

const pools = ['ws_connections', 'ws_site_connections'];

export function Status() {
  const t = useText();
  const { samples, error } = useStore(status);
  useEffect(follow, []);
  const last = samples.at(-1);
  const format = useMemo(() => formats(t), [t]);
  return html`
    <main class="status" aria-labelledby="status-title">
      <header class="status-head">
        <h1 id="status-title">${t('shell.status')}</h1>
        <${Health} last=${last} error=${error} />
      </header>
      ${last ? html`<${Board} samples=${samples} last=${last} format=${format} />`
        : error ? html`<div class="empty"><p>${t('problem.passing')}</p></div>`
          : html`<div class="waiting" aria-busy="true"><span class="spinner" /><span class="sr-only">${t('loading')}</span></div>`}
    </main>`;
}

function formats(t) {
  const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 });
  return {
    number: (value) => number.format(value),
    rate: (value) => t('status.per_second', { value: number.format(value) }),
    ms: (value) => t('status.ms', { value: number.format(value) }),
  };
}

function Health({ last, error }) {
  const t = useText();
  const [kind, key] = !last && !error ? ['', 'status.unknown']
    : error ? ['warning', 'status.stale']
      : last.status.cluster.backplane?.ok === false ? ['danger', 'status.backplane_down']
        : last.status.nodes.some(({ ready }) => ready) ? ['success', 'status.well'] : ['danger', 'status.no_node'];
  return html`<p class=${`badge ${kind} status-health`} role="status"><${Icon} name=${kind === 'success' ? 'check' : 'pulse'} />${t(key)}</p>`;
}

function Board({ samples, last, format }) {
  const t = useText();
  const times = samples.map(({ at }) => at);
  const { nodes, cluster } = last.status;
  const of = (label, pick) => ({ label, values: samples.map(pick) });
  const figure = (name, value, write) => html`<div class="figure card"><dt>${t(name)}</dt><dd>${value === null || value === undefined ? '–' : write(value)}</dd></div>`;
  return html`
    <dl class="figures">
      ${figure('status.nodes', nodes.filter(({ ready }) => ready).length, (value) => t('status.of', { value, all: nodes.length }))}
      ${figure('status.sockets', sum(nodes.flatMap((node) => pools.map((pool) => socketsOf(node, pool)))), format.number)}
      ${figure('status.dialogs', sum(nodes.map((node) => node.dialogs ?? 0)), format.number)}
      ${figure('status.messages', sumRate(last, 'messages'), format.rate)}
      ${figure('status.errors', sumRate(last, 'errors'), format.rate)}
      ${figure('status.backplane', cluster.backplane?.round_trip_ms, format.ms)}
    </dl>
    <div class="plots">
      <${Plot} title=${t('status.plot.sockets')} times=${times} format=${format.number} isCount
        lines=${pools.map((pool) => of(t(`status.pool.${pool}`), (sample) => sum(sample.status.nodes.map((node) => socketsOf(node, pool)))))} />
      <${Plot} title=${t('status.plot.messages')} times=${times} format=${format.number}
        lines=${nodes.map((node) => of(node.id, (sample) => sample.rates[node.id]?.messages ?? null))} />
      <${Plot} title=${t('status.plot.delivery')} times=${times} format=${format.ms}
        lines=${[of(t('status.p50'), (sample) => worst(sample, 'delivery_p50_ms')), of(t('status.p99'), (sample) => worst(sample, 'delivery_p99_ms'))]} />
      <${Plot} title=${t('status.plot.backplane')} times=${times} format=${format.ms}
        lines=${[of(t('status.backplane'), (sample) => sample.status.cluster.backplane?.round_trip_ms ?? null)]} />
    </div>
    <${Nodes} nodes=${nodes} rates=${last.rates} at=${last.at} pools=${pools} format=${format} />`;
}
