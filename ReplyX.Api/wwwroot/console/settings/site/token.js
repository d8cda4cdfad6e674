// The site's token: what it is, and how to replace it.
import { html, useState } from '../../../ui/html.js';
import { CopyBox } from '../../../ui/copy.js';
import { Icon } from '../../../ui/icon.js';
import { toast } from '../../../ui/toast.js';
import { api } from '../../api.js';
import { Link } from '../../router.js';
import { ask } from '../confirm.js';
import { Loaded, Section } from '../parts.js';
import { problemText, useText } from '../text.js';
import { useLoad } from '../use-load.js';

export function Token({ site }) {
  const t = useText();
  const token = useLoad(() => api.post('/api/site-token', { site_id: site.id }), [site.id]);
  const [rotated, setRotated] = useState(false);
  const rotate = async () => {
    const sure = await ask({
      title: t('token.ask', { name: site.name }),
      points: [t('token.point_new'), t('token.point_open'), t('token.point_code')],
      yes: t('token.rotate'), danger: true,
    });
    if (!sure) return;
    try {
      token.setData(await api.post('/api/site-token/rotate', { site_id: site.id }));
      setRotated(true);
      toast(t('token.rotated'));
    } catch (error) {
      toast(problemText(t, error), { kind: 'danger' });
    }
  };
  return html`
    <${Loaded} of=${token}>${({ site_token: value }) => html`
      ${rotated && html`
        <div class="notice success boxed" role="status">
          <${Icon} name="check" /><p>${t('token.now')} <${Link} to=${`/settings/sites/${encodeURIComponent(site.id)}/embed`}>${t('token.to_code')}<//></p>
        </div>`}
      <${Section} title=${t('token.title')} text=${t('token.text')}>
        <${CopyBox} text=${value} name=${t('token.title')} label=${t('copy.copy')} done=${t('copy.copied')} />
      <//>
      <${Section} danger title=${t('token.replace')} text=${t('token.replace_text')}
        actions=${html`<button type="button" class="button danger" onClick=${rotate}>${t('token.rotate')}</button>`} />`}<//>`;
}
