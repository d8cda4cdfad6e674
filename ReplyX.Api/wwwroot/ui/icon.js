// Icons as 24 x 24 outlines, drawn for this project. Decorative: what a control does is told by its label.
import { html } from './html.js';

const paths = {
  mark: 'M5 5h14a1.5 1.5 0 011.5 1.5v9A1.5 1.5 0 0119 17h-7l-5 3.5V17H5a1.5 1.5 0 01-1.5-1.5v-9A1.5 1.5 0 015 5zM8.5 11h.01M12 11h.01M15.5 11h.01',
  key: 'M8 9.5a3.5 3.5 0 107 0 3.5 3.5 0 10-7 0M9.5 12.5L4 18v2.5h3V18h2.5v-2.5',
  chat: 'M4 5.5h16v11H9.5L5 20v-3.5H4z',
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M4 12l16-7-6 15-3-6.5zM11 13.5L20 5',
  back: 'M14.5 5.5L8 12l6.5 6.5',
  down: 'M5.5 9l6.5 6.5L18.5 9',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  checks: 'M2.5 12.5L7 17l9-9.5M11.5 16l1 1 9-9.5',
  clock: 'M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 7.5V12l3 2',
  warning: 'M12 4l9 16H3zM12 10v4.5M12 17.2v.3',
  person: 'M12 4a4 4 0 100 8 4 4 0 000-8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  people: 'M9 5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM2.5 19.5c.6-3.2 3.2-5 6.5-5s5.9 1.8 6.5 5M15.5 5.3a3.5 3.5 0 010 6.4M17.5 14.8c2.2.7 3.6 2.3 4 4.7',
  bot: 'M5 8.5h14v10H5zM12 8.5V4.5M9 12.8v1.4M15 12.8v1.4',
  search: 'M10.5 4.5a6 6 0 100 12 6 6 0 000-12zM15 15l5 5',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  settings: 'M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9M15 5.5a2 2 0 100 4 2 2 0 000-4zM9 14.5a2 2 0 100 4 2 2 0 000-4z',
  inbox: 'M4 13l2.5-8h11L20 13v6H4zM4 13h4.5l1.5 2.5h4l1.5-2.5H20',
  pulse: 'M3 12.5h4l2.5-7 5 13 2.5-6h4',
  bell: 'M6 17V11a6 6 0 0112 0v6l1.5 1.5h-15zM10 20.5h4',
  'bell-off': 'M6 17V11c0-1 .2-1.9.6-2.7M9.5 5.5A6 6 0 0118 11v4M4.5 18.5h13M10 20.5h4M4 4l16 16',
  copy: 'M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4',
  plus: 'M12 5v14M5 12h14',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13',
  link: 'M10 14l4-4M8.5 11.5l-3 3a3 3 0 004.2 4.2l3-3M15.5 12.5l3-3a3 3 0 00-4.2-4.2l-3 3',
  out: 'M14 5h5v5M19 5l-8 8M17 13.5V19H5V7h5.5',
  exit: 'M10 4.5H5v15h5M14.5 8l4 4-4 4M18 12H9.5',
  bolt: 'M13 3.5L5.5 13.5H11l-.5 7L18.5 10H13z',
  reply: 'M9.5 6L4 11.5 9.5 17M4 11.5h9a7 7 0 017 7',
  hand: 'M8 12.5V6a1.5 1.5 0 013 0v5M11 11V4.7a1.5 1.5 0 013 0V11M14 11V6a1.5 1.5 0 013 0v8.5c0 3.5-2.2 6-5.5 6-2.6 0-4-1.1-5.2-3.3L4 13.2a1.5 1.5 0 012.5-1.6L8 13.5',
  info: 'M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 11v5.5M12 7.6v.3',
  keyboard: 'M3 6.5h18v11H3zM6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M8 14h8',
  retry: 'M19.5 12a7.5 7.5 0 11-2.2-5.3L19.5 9M19.5 4v5h-5',
  offline: 'M4 4l16 16M8.5 16a5 5 0 017 0M5.5 12.5a9 9 0 013-2M2.5 9a14 14 0 013.2-2.2M21.5 9A14 14 0 0011 5.6M18.5 12.500a9 9 0 00-2.5-1.800M12 19.500h.01',
  home: 'M4 11l8-6.5 8 6.5V20H4zM10 20v-5.5h4V20',
  globe: 'M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM3.5 12h17M12 3.5c-5 5-5 12 0 17M12 3.5c5 5 5 12 0 17',
};

export function Icon({ name, size }) {
  return html`<svg class="icon" viewBox="0 0 24 24" width=${size ?? 20} height=${size ?? 20} fill="none" stroke="currentColor"
    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d=${paths[name]} /></svg>`;
}
