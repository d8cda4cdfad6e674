// What the pages of settings are made of.
import { html, useEffect } from '../../ui/html.js';
import { Icon } from '../../ui/icon.js';
import { pageTitle } from '../page-title.js';
import { problemText, useText } from './text.js';
import { useUnsaved } from './unsaved.js';

/** The page's heading, which is the window's title as well. */
export function PageHead({ title, text, swatch, children }) {
  useEffect(() => {
    pageTitle.set(title);
    return () => pageTitle.set(null);
  }, [title]);
  return html`
    <header class="page-head">
      ${swatch}
      <div class="page-titles">
        <h1>${title}</h1>
        ${text && html`<p class="page-text">${text}</p>`}
      </div>
      ${children && html`<div class="page-actions">${children}</div>`}
    </header>`;
}

/** A card with a heading; `actions` stand at its right, `rows` have lines between them. */
export function Section({ title, text, actions, rows, danger, children }) {
  return html`
    <section class=${['section', rows && 'rows', danger && 'danger'].filter(Boolean).join(' ')}>
      ${title && html`
        <div class="section-head">
          <div>
            <h2>${title}</h2>
            ${text && html`<p class="section-text">${text}</p>`}
          </div>
          ${actions}
        </div>`}
      ${children}
    </section>`;
}

/** The form itself, and the bar that comes up when something in it is not saved. */
export function Form({ form, label, children }) {
  const t = useText();
  useUnsaved(form.dirty);
  const names = form.conflict?.names.map((name) => t(`field.${name}`)).join(', ');
  return html`
    <form class="settings-form" ref=${form.ref} aria-label=${label} noValidate onSubmit=${form.submit}>
      ${children}
      ${form.conflict && html`
        <div class="notice warning conflict" role="alert">
          <${Icon} name="warning" />
          <div>
            <p>${t('conflict.text', { names })}</p>
            <div class="conflict-actions">
              <button type="button" class="button small" onClick=${form.takeTheirs}>${t('conflict.theirs')}</button>
              <button type="button" class="button small" onClick=${form.keepMine}>${t('conflict.mine')}</button>
            </div>
          </div>
        </div>`}
      ${form.dirty && !form.conflict && html`
        <div class="save-bar">
          <p>${t('form.unsaved')}</p>
          <button type="button" class="button quiet" disabled=${form.busy} onClick=${form.undo}>${t('form.undo')}</button>
          <button type="submit" class="button primary" disabled=${form.busy}>${form.busy ? t('form.saving') : t('form.save')}</button>
        </div>`}
    </form>`;
}

export function Skeleton() {
  const t = useText();
  return html`
    <div class="settings-skeleton" role="status" aria-label=${t('loading')}>
      <div class="skeleton head"></div><div class="skeleton line"></div><div class="skeleton card"></div><div class="skeleton card"></div>
    </div>`;
}

export function Failed({ title, error, onRetry }) {
  const t = useText();
  return html`
    <div class="blank" role="alert">
      <${Icon} name="warning" size="28" />
      <h1>${title ?? t('error.load')}</h1>
      ${error && html`<p>${problemText(t, error)}</p>`}
      ${onRetry && html`<button type="button" class="button" onClick=${onRetry}>${t('error.retry')}</button>`}
    </div>`;
}

export function OwnersOnly() {
  const t = useText();
  return html`<div class="blank"><${Icon} name="people" size="28" /><h1>${t('owners.title')}</h1><p>${t('owners.text')}</p></div>`;
}

/** Nothing here yet, and what to do about it. */
export function Empty({ icon, title, text, children }) {
  return html`
    <div class="blank">
      <${Icon} name=${icon} size="28" />
      <h2>${title}</h2>
      ${text && html`<p>${text}</p>`}
      ${children}
    </div>`;
}

/** What `useLoad` loaded, bars before it, or why not. */
export function Loaded({ of, children }) {
  if (of.data !== undefined) return children(of.data);
  return of.error ? html`<${Failed} error=${of.error} onRetry=${of.reload} />` : html`<${Skeleton} />`;
}
