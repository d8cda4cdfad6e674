// The team: people, open invitations, bots.
import { html, useState } from '../../../ui/html.js';
import { Avatar } from '../../../ui/avatar.js';
import { Icon } from '../../../ui/icon.js';
import { toast } from '../../../ui/toast.js';
import { api } from '../../api.js';
import { updateMe, useSession } from '../../session.js';
import { ask } from '../confirm.js';
import { Loaded, PageHead, Section } from '../parts.js';
import { problemText, useDates, useText } from '../text.js';
import { useLoad } from '../use-load.js';
import { Bots } from './bots.js';
import { Invite } from './invite.js';

const load = async () => {
  const [operators, invitations] = await Promise.all([api.get('/api/operators'), api.get('/api/invitations')]);
  return { operators: operators.items, invitations: invitations.items };
};

export default function Team() {
  const t = useText();
  const team = useLoad(load);
  const [inviting, setInviting] = useState(false);
  const invite = html`
    <button type="button" class="button primary" onClick=${() => setInviting(true)}><${Icon} name="plus" size="18" />${t('team.invite')}</button>`;
  return html`
    <${PageHead} title=${t('team.title')} text=${t('team.text')}>${invite}<//>
    <${Loaded} of=${team}>${({ operators, invitations }) => html`
      <${People} people=${operators.filter((one) => one.role !== 'bot')} reload=${team.reload} />
      ${invitations.length > 0 && html`<${Invitations} invitations=${invitations} reload=${team.reload} />`}
      <${Bots} bots=${operators.filter((one) => one.role === 'bot')} reload=${team.reload} />`}<//>
    ${inviting && html`<${Invite} onClose=${() => setInviting(false)} onInvited=${team.reload} />`}`;
}

function People({ people, reload }) {
  const t = useText();
  return html`
    <${Section} rows title=${t('team.people', { count: people.length })}>
      <ul class="row-list">${people.map((person) => html`<${Member} key=${person.id} person=${person} reload=${reload} />`)}</ul>
    <//>`;
}

function Member({ person, reload }) {
  const t = useText();
  const dates = useDates();
  const { me } = useSession();
  const [busy, setBusy] = useState(false);
  const self = person.id === me.id;
  const path = `/api/operators/${encodeURIComponent(person.id)}`;

  const act = async (step, done) => {
    setBusy(true);
    try {
      await step();
      toast(done);
    } catch (error) {
      toast(problemText(t, error), { kind: 'danger' });
    }

    setBusy(false);
    await reload();
  };
  const setRole = async (event) => {
    const select = event.currentTarget;
    const role = select.value;
    select.value = person.role;
    const question = self ? { title: t('team.demote_self'), text: t('team.demote_self_text') }
      : role === 'owner' ? { title: t('team.promote', { name: person.name }), text: t('team.promote_text') }
      : { title: t('team.demote', { name: person.name }), text: t('team.demote_text') };
    if (!(await ask({ ...question, yes: t('team.role_yes'), danger: role !== 'owner' }))) return;
    await act(async () => {
      await api.patch(path, { role });
      if (self) updateMe({ role });
    }, t('team.role_changed', { name: person.name }));
  };
  const remove = async () => {
    const sure = await ask({
      title: t('team.remove', { name: person.name }), text: t('team.remove_text'), yes: t('team.remove_yes'), danger: true,
    });
    if (sure) await act(() => api.delete(path), t('team.removed', { name: person.name }));
  };

  return html`
    <li class="list-row">
      <${Avatar} name=${person.name} id=${person.id} />
      <div class="row-texts">
        <p class="row-name">${person.name}${self && html`<span class="badge soft">${t('team.you')}</span>`}</p>
        <p class="row-note">${person.login}${person.last_seen_at && html`<span> · ${t('team.seen', { when: dates.relative(person.last_seen_at) })}</span>`}</p>
      </div>
      <div class="row-actions">
        <span class="select small">
          <select class="input" aria-label=${t('team.role_of', { name: person.name })} value=${person.role} disabled=${busy} onChange=${setRole}>
            ${['owner', 'operator'].map((role) => html`<option key=${role} value=${role} selected=${role === person.role}>${t(`role.${role}`)}</option>`)}
          </select>
          <${Icon} name="down" size="16" />
        </span>
        <button type="button" class="icon-button" disabled=${busy || self} aria-label=${t('team.remove', { name: person.name })} onClick=${remove}>
          <${Icon} name="trash" size="18" />
        </button>
      </div>
    </li>`;
}

function Invitations({ invitations, reload }) {
  const t = useText();
  const dates = useDates();
  const revoke = async (invitation, name) => {
    if (!(await ask({ title: t('invite.revoke', { name }), text: t('invite.revoke_text'), yes: t('invite.revoke_yes'), danger: true }))) return;
    try {
      await api.delete(`/api/invitations/${encodeURIComponent(invitation.id)}`);
      toast(t('invite.revoked'));
    } catch (error) {
      toast(problemText(t, error), { kind: 'danger' });
    }

    await reload();
  };
  return html`
    <${Section} rows title=${t('invite.open', { count: invitations.length })}>
      <ul class="row-list">
        ${invitations.map((invitation) => {
          const name = invitation.name || invitation.login || t('invite.anybody');
          return html`
            <li key=${invitation.id} class="list-row">
              <span class="avatar pending" aria-hidden="true"><${Icon} name="clock" size="18" /></span>
              <div class="row-texts">
                <p class="row-name">${name}<span class="badge">${t(`role.${invitation.role}`)}</span></p>
                <p class="row-note">${invitation.name && invitation.login ? `${invitation.login} · ` : ''}${t('invite.until', { when: dates.relative(invitation.expires_at) })}</p>
              </div>
              <div class="row-actions">
                <button type="button" class="button small" onClick=${() => revoke(invitation, name)}>${t('invite.revoke_yes')}</button>
              </div>
            </li>`;
        })}
      </ul>
    <//>`;
}
