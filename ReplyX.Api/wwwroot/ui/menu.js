// A menu behind a button, by the pattern of ARIA's authoring practices: arrows, Home, End, Escape, first letters.
import { createContext, html, useContext, useEffect, useLayoutEffect, useRef, useState } from './html.js';
import { Icon } from './icon.js';

const Closing = createContext(() => {});
let count = 0;

/**
 * `placement` 'end' opens upwards from the button's end, 'below' downwards. `button` is what the button shows; with `hasText` its text
 * is its name, otherwise the label is.
 */
export function Menu({ label, button, placement = 'below', hasText = false, children, class: className = 'icon-button' }) {
  const [isOpen, setOpen] = useState(false);
  const id = useRef(`menu-${++count}`).current;
  const root = useRef(null);
  const list = useRef(null);

  const items = () => [...list.current.querySelectorAll('[role^="menuitem"]:not([aria-disabled="true"])')];
  const focus = (at) => {
    const all = items();
    all[(at + all.length) % all.length]?.focus();
  };
  const close = (back = true) => {
    setOpen(false);
    if (back) root.current.querySelector('button').focus();
  };

  useLayoutEffect(() => {
    if (isOpen) focus(0);
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return undefined;
    const outside = (event) => {
      if (!root.current.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [isOpen]);

  const key = (event) => {
    const at = items().indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      focus(to);
    } else if (event.key === 'Escape') {
      close();
    } else if (event.key === 'Tab') {
      setOpen(false);
      return;
    } else if (event.key.length === 1 && event.key !== ' ') {
      const letter = event.key.toLocaleLowerCase();
      const all = items();
      [...all.slice(at + 1), ...all.slice(0, at + 1)].find((item) => item.textContent.trim().toLocaleLowerCase().startsWith(letter))?.focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return html`
    <div class="menu-anchor" ref=${root}>
      <button type="button" class=${className} aria-label=${hasText ? undefined : label} title=${label} aria-haspopup="menu" aria-expanded=${isOpen} aria-controls=${isOpen ? id : undefined}
        onClick=${() => setOpen(!isOpen)}
        onKeyDown=${(event) => { if (event.key === 'ArrowDown' && !isOpen) { event.preventDefault(); setOpen(true); } }}>${button}</button>
      ${isOpen && html`
        <div class=${`menu ${placement}`} role="menu" id=${id} aria-label=${label} ref=${list} onKeyDown=${key}>
          <${Closing.Provider} value=${close}>${children}<//>
        </div>`}
    </div>`;
}

export function MenuItem({ icon, danger = false, disabled = false, onChoose, children }) {
  const close = useContext(Closing);
  return html`
    <button type="button" role="menuitem" tabindex="-1" class=${danger ? 'menu-item danger' : 'menu-item'} aria-disabled=${disabled}
      onClick=${() => { if (!disabled) { close(); onChoose(); } }}>
      ${icon && html`<${Icon} name=${icon} />`}<span>${children}</span>
    </button>`;
}

/** One of several: what is chosen has a tick. The menu stays, so that the choice is seen. */
export function MenuChoice({ checked, onChoose, children }) {
  return html`
    <button type="button" role="menuitemradio" tabindex="-1" class="menu-item" aria-checked=${checked} onClick=${onChoose}>
      <span class="menu-tick">${checked && html`<${Icon} name="check" />`}</span><span>${children}</span>
    </button>`;
}

export function MenuLine({ label }) {
  return label ? html`<div class="menu-label" role="presentation">${label}</div>` : html`<div class="menu-line" role="separator" />`;
}

/** On or off. The menu stays, so that the choice is seen. */
export function MenuCheck({ checked, disabled = false, onChoose, children }) {
  return html`
    <button type="button" role="menuitemcheckbox" tabindex="-1" class="menu-item" aria-checked=${checked} aria-disabled=${disabled}
      onClick=${() => { if (!disabled) onChoose(); }}>
      <span class="menu-tick">${checked && html`<${Icon} name="check" />`}</span><span>${children}</span>
    </button>`;
}
