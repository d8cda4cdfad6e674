// Three dots: somebody writes. Who it is, is told in words beside it.
import { html } from './html.js';

export function TypingDots() {
  return html`<span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>`;
}
