// A site's colour, by which its rows are told apart.
import { html, useLayoutEffect, useRef } from '../../../ui/html.js';
import { Icon } from '../../../ui/icon.js';

export function Swatch({ color }) {
  const element = useRef(null);
  useLayoutEffect(() => element.current.style.setProperty('--swatch', color ?? 'var(--accent)'), [color]);
  return html`<span class="swatch" ref=${element} aria-hidden="true"><${Icon} name="chat" size="18" /></span>`;
}
