// Name and e-mail, if the visitor likes to leave them.
import { html, useEffect, useRef, useState } from '../ui/html.js';

const looksLikeEmail = (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(text);

export function Contact({ t, onSave, onClose }) {
  const dialog = useRef(null);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);

  useEffect(() => { dialog.current.showModal(); }, []);

  const save = async (event) => {
    event.preventDefault();
    const visitor = { name: name.trim(), email: email.trim() };
    if (visitor.email && !looksLikeEmail(visitor.email)) {
      setProblem('contact.bad');
      dialog.current.querySelector('[type=email]').focus();
      return;
    }

    setBusy(true);
    setProblem(null);
    try {
      if (visitor.name || visitor.email) await onSave(Object.fromEntries(Object.entries(visitor).filter(([, value]) => value)));
      dialog.current.close('saved');
    } catch (error) {
      setProblem(error?.field === 'email' ? 'contact.bad' : 'contact.failed');
      setBusy(false);
    }
  };

  return html`<dialog class="modal contact" ref=${dialog} aria-labelledby="contact-title" onClose=${() => onClose(dialog.current.returnValue === 'saved')}>
    <form class="contact-form" onSubmit=${save} novalidate>
      <h2 id="contact-title">${t('contact.title')}</h2>
      <p class="contact-hint">${t('contact.hint')}</p>
      <div class="field">
        <label for="contact-name">${t('contact.name')}</label>
        <input class="input" id="contact-name" autocomplete="name" maxlength="100" value=${name} onInput=${(event) => setName(event.target.value)} />
      </div>
      <div class="field">
        <label for="contact-email">${t('contact.email')}</label>
        <input class="input" id="contact-email" type="email" autocomplete="email" maxlength="254" value=${email}
          aria-invalid=${problem === 'contact.bad' ? 'true' : undefined} aria-describedby="contact-problem" onInput=${(event) => setEmail(event.target.value)} />
      </div>
      <p id="contact-problem" class="error-text" role="alert">${problem && t(problem)}</p>
      <div class="contact-buttons">
        <button type="button" class="button" onClick=${() => dialog.current.close()}>${t('contact.cancel')}</button>
        <button type="submit" class="button primary" disabled=${isBusy}>${t('contact.save')}</button>
      </div>
    </form>
  </dialog>`;
}
