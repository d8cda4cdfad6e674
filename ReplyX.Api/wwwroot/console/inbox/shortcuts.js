// Single keys, for who likes them. They can be switched off (WCAG 2.2, 2.1.4), and never take a key from where somebody writes.
import { useEffect } from '../../ui/html.js';
import { kept } from '../../ui/kept.js';
import { createStore, useStore } from '../../ui/store.js';
import { toast } from '../../ui/toast.js';
import { stepProblem } from './dialog-head.js';
import { chooseAlerts, useAlertChoice } from './alerts.js';

const name = 'replyx:shortcuts';
const isOn = createStore(kept.get(name) !== false);
export const useShortcutsOn = () => useStore(isOn);
export function setShortcutsOn(value) {
  isOn.set(value);
  kept.set(name, value ? null : false);
}

/** What the help lists, in this order. */
export const shortcuts = [
  { keys: ['j', '↓'], text: 'next' },
  { keys: ['k', '↑'], text: 'previous' },
  { keys: ['Enter'], text: 'open' },
  { keys: ['Esc'], text: 'leave' },
  { keys: ['/'], text: 'search' },
  { keys: ['r'], text: 'reply' },
  { keys: ['t'], text: 'take' },
  { keys: ['x'], text: 'close_tab' },
  { keys: ['[', ']'], text: 'tabs' },
  { keys: ['q'], text: 'quiet' },
  { keys: ['?'], text: 'help' },
];

const isWriting = (element) => element?.closest('input, textarea, select, [contenteditable], dialog, [role="menu"]') !== null;

export function useShortcuts({ actions, id, active, feed, showHelp }) {
  const on = useShortcutsOn();
  const { quiet } = useAlertChoice();
  useEffect(() => {
    const single = {
      j: () => actions.move(1),
      k: () => actions.move(-1),
      '/': () => document.getElementById('search').focus(),
      r: () => document.getElementById('reply')?.focus(),
      t: () => feed?.takeOver().then(() => document.getElementById('reply')?.focus(), (error) => toast(stepProblem(error), { kind: 'danger' })),
      x: () => id !== null && actions.closeTab(id),
      '[': () => actions.moveTab(-1),
      ']': () => actions.moveTab(1),
      q: () => chooseAlerts({ quiet: !quiet }),
      '?': showHelp,
    };
    const isButton = (element) => element?.closest('a, button, [role="listbox"], .transcript') !== null;
    const others = {
      ArrowDown: () => actions.move(1),
      ArrowUp: () => actions.move(-1),
      Enter: () => active !== null && actions.open(active),
      Escape: () => id !== null && actions.leave(),
    };
    const press = (event) => {
      const { target } = event;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(target)) return;
      const act = (on && single[event.key]) || (event.key === 'Escape' || !isButton(target) ? others[event.key] : undefined);
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [actions, id, active, feed, on, quiet]);
}
