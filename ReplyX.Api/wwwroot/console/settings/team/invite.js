// An invitation: for whom and as what; then its link, which nobody sees a second time.
import { html, useState } from '../../../ui/html.js';
import { CopyBox } from '../../../ui/copy.js';
import { Choice, TextField } from '../../../ui/field.js';
import { api } from '../../api.js';
import { Dialog } from '../dialog.js';
import { problemText, useDates, useText } from '../text.js';

const longestName = 100;
const longestLogin = 254;

export function Invite({ onClose, onInvited }) {
  const t = useText();
  const [values, setValues] = useState({ role: 'operator', name: '', login: '' });
  const [errors, setErrors] = useState({});
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState(null);
  const set = (name) => (value) => {
    setValues({ ...values, [name]: value });
    setErrors({});
  };

  const invite = async () => {
    setBusy(true);
    try {
      const [name, login] = [values.name.trim(), values.login.trim()];
      setMade(await api.post('/api/invitations', { role: values.role, ...(name && { name }), ...(login && { login }) }));
      onInvited();
    } catch (error) {
      setErrors(error.code === 'login_taken' ? { login: t('problem.login_taken') }
        : Object.keys(error.errors ?? {}).length > 0 ? error.errors : { all: problemText(t, error) });
      setBusy(false);
    }
  };

  if (made) return html`<${InvitationLink} made=${made} onClose=${onClose} />`;
  return html`
    <${Dialog} title=${t('invite.title')} submit=${t('invite.make')} busy=${busy} onClose=${onClose} onSubmit=${invite}>
      <${Choice} label=${t('field.role')} value=${values.role} onValue=${set('role')} options=${[
        { value: 'operator', text: t('role.operator'), hint: t('role.operator_hint') },
        { value: 'owner', text: t('role.owner'), hint: t('role.owner_hint') },
      ]} />
      <${TextField} label=${t('field.name')} optional=${t('field.optional')} maxlength=${longestName} autocomplete="off"
        value=${values.name} onValue=${set('name')} error=${errors.name} />
      <${TextField} label=${t('field.login')} optional=${t('field.optional')} hint=${t('invite.login_hint')} type="email" maxlength=${longestLogin}
        autocomplete="off" value=${values.login} onValue=${set('login')} error=${errors.login} />
      ${(errors.all || errors.role) && html`<p class="error-text" role="alert">${errors.all ?? errors.role}</p>`}
    <//>`;
}

function InvitationLink({ made, onClose }) {
  const t = useText();
  const dates = useDates();
  return html`
    <${Dialog} title=${t('invite.made')} onClose=${onClose}>
      <p>${t('invite.made_text', { until: dates.dayAndTime(made.expires_at) })}</p>
      <${CopyBox} text=${made.url} name=${t('invite.link')} label=${t('copy.copy')} done=${t('copy.copied')} />
    <//>`;
}
