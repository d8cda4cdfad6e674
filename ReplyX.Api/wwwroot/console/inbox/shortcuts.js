// Single keys, for who likes them. They can be switched off (WCAG 2.2, 2.1.4), and never take a key from where somebody writes.
import { useEffect, useRef } from '../../ui/html.js';
import { kept } from '../../ui/kept.js';
import { createStore, useStore } from '../../ui/store.js';
import { toast } from '../../ui/toast.js';
import { stepProblem } from './dialog-head.js';
import { toggleQuiet } from './alerts.js';

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

const isControl = (element) => element?.closest('a, button, [role="listbox"], .transcript') !== null;

export function useShortcuts(context) {
  // The listener stays, and reads what there is when a key comes.
  const latest = useRef(context);
  latest.current = context;
  useEffect(() => {
    const press = (event) => {
      const { target } = event;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(target)) return;
      const act = (isOn.get() && single[event.key]) || (event.key === 'Escape' || !isControl(target) ? others[event.key] : undefined);
      if (!act) return;
      event.preventDefault();
      act(latest.current);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

const focus = (id) => document.getElementById(id)?.focus();

const single = {
  j: ({ actions }) => actions.move(1),
  k: ({ actions }) => actions.move(-1),
  '/': () => focus('search'),
  r: () => focus('reply'),
  t: ({ feed }) => feed?.takeOver().then(() => focus('reply'), (error) => toast(stepProblem(error), { kind: 'danger' })),
  x: ({ actions, id }) => id !== null && actions.closeTab(id),
  '[': ({ actions }) => actions.moveTab(-1),
  ']': ({ actions }) => actions.moveTab(1),
  q: toggleQuiet,
  '?': ({ showHelp }) => showHelp(),
};

/** Without a letter, so they are always on; on a control they are the control's. */
const others = {
  ArrowDown: ({ actions }) => actions.move(1),
  ArrowUp: ({ actions }) => actions.move(-1),
  Enter: ({ actions }) => actions.openActive(),
  Escape: ({ actions, id }) => id !== null && actions.leave(),
};
