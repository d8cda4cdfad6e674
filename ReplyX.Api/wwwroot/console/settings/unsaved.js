// Asks before something that is not saved is lost: by a link, by the browser's Back, or by closing the page.
import { useEffect } from '../../ui/html.js';
import { text } from '../i18n.js';
import { holdBack } from '../router.js';
import { ask } from './confirm.js';

export function useUnsaved(dirty) {
  useEffect(() => {
    if (!dirty) return undefined;
    const release = holdBack(async (leave) => {
      const sure = await ask({
        title: text('settings.unsaved.title'), text: text('settings.unsaved.text'),
        yes: text('settings.unsaved.leave'), no: text('settings.unsaved.stay'), danger: true,
      });
      if (sure) leave();
    });
    const onClose = (event) => event.preventDefault();
    addEventListener('beforeunload', onClose);
    return () => {
      release();
      removeEventListener('beforeunload', onClose);
    };
  }, [dirty]);
}
