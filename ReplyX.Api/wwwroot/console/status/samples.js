// What the Api tells of the nodes, sampled while somebody looks. It tells totals; rates are differences of two samples.
import { createStore } from '../../ui/store.js';
import { api } from '../api.js';

const pause = 2_000;
const kept = 5 * 60_000;

/** `samples` are oldest first: `{at, status, rates}`; `error` is of the last try. */
export const status = createStore({ samples: [], error: null });

/** Samples until it is ended, but not while the page is hidden. */
export function follow() {
  let timer;
  let isEnded = false;
  let isAsking = false;
  const next = async () => {
    // A page that comes back into sight while an answer is on its way goes on with that one.
    if (isAsking) return;
    isAsking = true;
    if (document.visibilityState === 'visible') await sample();
    isAsking = false;
    if (!isEnded) timer = setTimeout(next, pause);
  };
  const seen = () => {
    if (document.visibilityState !== 'visible') return;
    clearTimeout(timer);
    void next();
  };
  document.addEventListener('visibilitychange', seen);
  void next();
  return () => {
    isEnded = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}

async function sample() {
  try {
    const now = await api.get('/api/status');
    status.set(({ samples }) => {
      const before = samples.at(-1);
      // The answer is kept for a second there, so the same one may come twice.
      if (before && Date.parse(before.status.at) >= Date.parse(now.at)) return { samples, error: null };
      const at = Date.parse(now.at);
      const recent = samples.filter((one) => one.at > at - kept);
      return { samples: [...recent, { at, status: now, rates: ratesOf(before?.status, now) }], error: null };
    });
  } catch (error) {
    status.set(({ samples }) => ({ samples, error }));
  }
}

/** Per second, by node. A node that is new, or began again, has none yet. */
function ratesOf(before, now) {
  const rates = {};
  const seconds = before ? (Date.parse(now.at) - Date.parse(before.at)) / 1_000 : 0;
  for (const node of now.nodes) {
    const known = before?.nodes.find(({ id, started_at: startedAt }) => id === node.id && startedAt === node.started_at);
    if (!known || seconds <= 0) continue;
    rates[node.id] = {
      messages: Math.max(0, node.messages_sent - known.messages_sent) / seconds,
      errors: Math.max(0, node.errors - known.errors) / seconds,
    };
  }
  return rates;
}

export const socketsOf = (node, pool) => node.pools?.[pool]?.sockets ?? 0;
export const sum = (values) => values.reduce((all, value) => all + value, 0);
export const sumRate = ({ rates }, name) => {
  const all = Object.values(rates);
  return all.length === 0 ? null : sum(all.map((rate) => rate[name]));
};
/** The worst of the nodes: what a visitor may meet. */
export const worst = ({ status: { nodes } }, name) => {
  const values = nodes.map((node) => node[name]).filter((value) => typeof value === 'number');
  return values.length === 0 ? null : Math.max(...values);
};
