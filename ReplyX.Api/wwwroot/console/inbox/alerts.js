// How an operator who looks elsewhere hears of a visitor: a sound, the title, a dot on the icon, a notification of the system.
import { useEffect } from '../../ui/html.js';
import { kept } from '../../ui/kept.js';
import { createStore, useStore } from '../../ui/store.js';
import { isHeldBy } from '../dialog-feed.js';
import { text } from '../i18n.js';
import { pageTitle } from '../page-title.js';
import { navigate } from '../router.js';
import { holderOf } from './filters.js';
import { visitorName } from './names.js';
import { beep } from './sound.js';

const name = 'replyx:alerts';
const choice = createStore({ sound: true, desktop: false, quiet: false, ...kept.get(name) });
export const useAlertChoice = () => useStore(choice);
export function chooseAlerts(changes) {
  choice.set((value) => ({ ...value, ...changes }));
  kept.set(name, choice.get());
}
export const toggleQuiet = () => chooseAlerts({ quiet: !choice.get().quiet });
addEventListener('storage', (event) => {
  if (event.key === name) choice.set({ sound: true, desktop: false, quiet: false, ...kept.get(name) });
});

export const canNotify = 'Notification' in globalThis;
export const isAllowed = () => canNotify && Notification.permission === 'granted';

/** Asks for the system's notifications, which browsers allow after a click only. */
export async function askToNotify() {
  const isGranted = canNotify && await Notification.requestPermission() === 'granted';
  chooseAlerts({ desktop: isGranted });
  return isGranted;
}

// Of several tabs one makes the noise: whoever has the lock.
let isLoud = !('locks' in navigator);
navigator.locks?.request('replyx:alerts', () => {
  isLoud = true;
  return new Promise(() => {});
}).catch(() => { isLoud = true; });

/** Whether this is a person's concern: somebody waits, or it is one's own dialog. */
const isConcern = (event, dialog, me) => (event.event === 'message' && event.sender === 'user'
    && ((dialog.waiting_since && dialog.handoff !== 'active') || isHeldBy(me, holderOf(dialog))))
  // Who takes over asks first where nobody did, and does not wait.
  || (event.event === 'handoff_requested' && event.sender !== 'manager' && dialog.handoff === 'requested');

function alert(dialog) {
  const { sound, desktop, quiet } = choice.get();
  if (quiet || !isLoud) return;
  if (sound) beep();
  if (!desktop || !isAllowed() || document.hasFocus()) return;
  const notification = new Notification(visitorName(dialog, text), {
    body: dialog.last?.event === 'message' ? dialog.last.preview : text('event.handoff_requested'),
    tag: `replyx-${dialog.id}`,
  });
  notification.onclick = () => {
    globalThis.focus();
    navigate(`/inbox/${dialog.id}`);
    notification.close();
  };
}

/** For as long as somebody is signed in. `id` is the dialog in sight, `part` what the part of the console is called. */
export function useAlerts(desk, id, part) {
  const title = useStore(pageTitle) ?? part;
  useEffect(() => desk.dialogs.onEvent((event, _, dialog) => {
    const isInSight = dialog.id === id && document.hasFocus() && document.visibilityState === 'visible';
    if (!isInSight && isConcern(event, dialog, desk.me)) alert(dialog);
  }), [desk, id]);

  const count = useStore(desk.dialogs.state, ({ dialogs }) => [...dialogs.values()]
    .filter((dialog) => dialog.unread > 0 && (dialog.waiting_since || isHeldBy(desk.me, holderOf(dialog)))).length);
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ''}${title} · ReplyX`;
    const icon = document.querySelector('link[rel="icon"]');
    const href = icon.href.replace(/icon(-dot)?\.svg$/u, count > 0 ? 'icon-dot.svg' : 'icon.svg');
    if (icon.href !== href) icon.href = href;
  }, [count, title]);
}
