// Who is signed in. Nothing else knows about tokens but api.js.
import { kept, tabKept } from '../ui/kept.js';
import { createStore, useStore } from '../ui/store.js';
import { api, holdToken, renew, whenSessionIsLost } from './api.js';

const deviceName = 'replyx:device';
const wayBack = 'replyx:back';
// No script sees the cookie; this says that there may be one, so that a stranger's first page asks for nothing in vain.
const hintName = 'replyx:signed-in';

/** `status`: 'unknown' until the cookie was tried, then 'in' or 'out'. `reason` says why somebody is out who was in. */
const session = createStore({ status: 'unknown', me: null, reason: null });
whenSessionIsLost(() => leave(session.get().status === 'in' ? 'lost' : null));

// Tabs agree on who is signed in: a sign-out, or a sign-in as somebody else, is one for all of them.
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('replyx:console') : null;
channel?.addEventListener('message', ({ data }) => {
  const { status, me } = session.get();
  if (data === 'signed-out' && status === 'in') {
    holdToken(undefined);
    leave(null);
  } else if (data?.signedIn && (status === 'out' || (me && me.id !== data.signedIn))) {
    void start();
  }
});

/** At load: the cookie of an earlier sign-in, if there is one. */
export async function start() {
  if (kept.get(hintName) !== true) {
    leave(null);
    return;
  }
  session.set((state) => ({ ...state, status: 'unknown' }));
  try {
    await enter(await renew());
  } catch (error) {
    leave(error.isPassing ? 'unreachable' : null);
  }
}

/** @throws {ApiError} */
export async function signIn(login, password) {
  const device = kept.get(deviceName);
  const answer = await api.open.post('/api/operator/sign-in', { login, password, ...(device ? { device_token: device } : {}) });
  await enter(answer);
  channel?.postMessage({ signedIn: answer.operator.id });
}

/** After an invitation was accepted, or a password changed: what a sign-in answers. */
export async function signedIn(answer) {
  await enter(answer);
  channel?.postMessage({ signedIn: answer.operator.id });
}

export async function signOut() {
  try {
    await api.post('/api/operator/sign-out');
  } finally {
    holdToken(undefined);
    leave(null);
    channel?.postMessage('signed-out');
  }
}

async function enter(answer) {
  holdToken(answer);
  if (answer.device_token) kept.set(deviceName, answer.device_token);
  const me = await api.get('/api/operator/me');
  kept.set(hintName, true);
  session.set({ status: 'in', me, reason: null });
}

function leave(reason) {
  if (reason !== 'unreachable') kept.set(hintName, null);
  session.set({ status: 'out', me: null, reason });
}

/** Changes what is shown of oneself, after one's name was changed. */
export const updateMe = (changes) => session.set((state) => ({ ...state, me: { ...state.me, ...changes } }));

export const isOwner = (me) => me?.role === 'owner';
export const currentMe = () => session.get().me;
export const onSession = session.subscribe;

export function useSession() {
  return { ...useStore(session), signIn, signOut };
}

/** The way through another site's sign-in leads to /console/; this leads on from there. */
export function rememberWay(path) {
  tabKept.set(wayBack, path);
  kept.set(hintName, true);
}
export function takeWayBack() {
  const path = tabKept.get(wayBack);
  tabKept.set(wayBack, null);
  return typeof path === 'string' && path.startsWith('/') && !path.startsWith('//') ? path : null;
}
