// Deleting a site, which takes typing its name.
import { html } from '../../../ui/html.js';
import { toast } from '../../../ui/toast.js';
import { api } from '../../api.js';
import { navigate } from '../../router.js';
import { ask } from '../confirm.js';
import { Section } from '../parts.js';
import { problemText, useText } from '../text.js';

export function Deletion({ site }) {
  const t = useText();
  const remove = async () => {
    const sure = await ask({
      title: t('delete.ask', { name: site.name }), points: [t('delete.point_chat'), t('delete.point_visitors'), t('delete.point_back')],
      yes: t('delete.yes'), typed: site.name, danger: true,
    });
    if (!sure) return;
    try {
      await api.delete(`/api/sites/${encodeURIComponent(site.id)}`);
      toast(t('delete.done', { name: site.name }));
      navigate('/settings/sites', { replace: true });
    } catch (error) {
      toast(problemText(t, error), { kind: 'danger' });
    }
  };
  return html`
    <${Section} danger title=${t('delete.title')} text=${t('delete.text')}
      actions=${html`<button type="button" class="button danger" onClick=${remove}>${t('delete.button')}</button>`} />`;
}
