// The nodes in a table.
import { html } from '../../ui/html.js';
import { clockOf } from '../../ui/now.js';
import { useText } from '../i18n.js';

export function Nodes({ nodes, rates, at, pools, format }) {
  const t = useText();
  const value = (one, write) => (one === null || one === undefined ? '–' : write(one));
  return html`
    <section class="card nodes" aria-labelledby="nodes-title">
      <h2 id="nodes-title">${t('status.nodes')}</h2>
      <div class="table-scroll" tabindex="0" role="group" aria-labelledby="nodes-title">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">${t('status.node')}</th><th scope="col">${t('status.state')}</th><th scope="col">${t('status.uptime')}</th>
              ${pools.map((pool) => html`<th key=${pool} scope="col">${t(`status.pool.${pool}`)}</th>`)}
              <th scope="col">${t('status.dialogs')}</th><th scope="col">${t('status.messages')}</th><th scope="col">${t('status.errors')}</th>
              <th scope="col">${t('status.p50')}</th><th scope="col">${t('status.p99')}</th>
            </tr>
          </thead>
          <tbody>
            ${nodes.map((node) => html`
              <tr key=${node.id}>
                <th scope="row">${node.id}</th>
                <td><${State} node=${node} /></td>
                <td>${value(node.started_at, (time) => clockOf(at - Date.parse(time)))}</td>
                ${pools.map((pool) => html`<td key=${pool}><${Pool} pool=${node.pools?.[pool]} format=${format} /></td>`)}
                <td>${value(node.dialogs, format.number)}</td>
                <td>${value(rates[node.id]?.messages, format.rate)}</td>
                <td>${value(rates[node.id]?.errors, format.rate)}</td>
                <td>${value(node.delivery_p50_ms, format.ms)}</td>
                <td>${value(node.delivery_p99_ms, format.ms)}</td>
              </tr>`)}
          </tbody>
        </table>
      </div>
    </section>`;
}

function State({ node }) {
  const t = useText();
  const [kind, key] = node.draining ? ['warning', 'draining'] : node.ready ? ['success', 'ready'] : ['danger', 'not_ready'];
  return html`<span class=${`badge ${kind}`}>${t(`status.${key}`)}</span>`;
}

function Pool({ pool, format }) {
  const t = useText();
  if (!pool) return '–';
  const text = pool.limit ? t('status.of', { value: format.number(pool.sockets), all: format.number(pool.limit) }) : format.number(pool.sockets);
  return html`${text}${pool.limit ? html`<meter min="0" max=${pool.limit} high=${pool.limit * 0.8} value=${pool.sockets} aria-label=${text}></meter>` : null}`;
}
