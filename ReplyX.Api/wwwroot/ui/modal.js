// The browser's own modal dialog: it keeps the focus, closes by Escape, and gives the focus back.
import { html, useLayoutEffect, useRef } from './html.js';
import { Icon } from './icon.js';

let count = 0;

/** Open as long as it is rendered. `onClose` is called when the person closes it. `closeLabel` is the text of the cross. */
export function Modal({ title, onClose, closeLabel, children, footer, class: className = '' }) {
  const element = useRef(null);
  const id = useRef(`modal-${++count}`).current;
  useLayoutEffect(() => {
    const before = document.activeElement;
    const dialog = element.current;
    dialog.showModal();
    return () => {
      dialog.close();
      if (before?.isConnected) before.focus();
    };
  }, []);
  // A press that began outside and ends outside; text that is selected over the edge does not count.
  const pressed = useRef(null);
  const release = (event) => {
    if (pressed.current === element.current && event.target === element.current) onClose();
  };
  return html`
    <dialog class=${`modal ${className}`} ref=${element} aria-labelledby=${id}
      onCancel=${(event) => { event.preventDefault(); onClose(); }}
      onPointerDown=${(event) => { pressed.current = event.target; }} onPointerUp=${release}>
      <div class="modal-inside">
        <header class="modal-head">
          <h2 id=${id}>${title}</h2>
          <button type="button" class="icon-button" aria-label=${closeLabel} onClick=${onClose}><${Icon} name="close" /></button>
        </header>
        <div class="modal-body">${children}</div>
        ${footer && html`<footer class="modal-foot">${footer}</footer>`}
      </div>
    </dialog>`;
}
