// Asks before something that is not saved is lost: by a link, by the browser's Back, or by closing the page.
import { useEffect, useRef } from '../../ui/html.js';
import { ask } from './confirm.js';
import { text } from '../i18n.js';
import { navigate } from '../router.js';

const root = '/console';

export function useUnsaved(dirty) {
  // Back has left the address already when it is heard of: it is put back until the answer.
  const address = useRef(location.href);
  useEffect(() => {
    if (!dirty) return undefined;
    address.current = location.href;
    let asking = false;
    const leave = async (go) => {
      if (asking) return;
      asking = true;
      const sure = await ask({
        title: text('settings.unsaved.title'), text: text('settings.unsaved.text'),
        yes: text('settings.unsaved.leave'), no: text('settings.unsaved.stay'), danger: true,
      });
      asking = false;
      if (sure) {
        stop();
        go();
      }
    };

    const onClick = (event) => {
      const link = event.target.closest?.('a[href]');
      if (!link || link.target === '_blank' || link.hasAttribute('download') || event.defaultPrevented || event.button !== 0
        || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const { origin, pathname, search, href } = new URL(link.href, location.href);
      if (href === location.href || origin !== location.origin || !pathname.startsWith(root)) return;
      event.preventDefault();
      event.stopPropagation();
      leave(() => navigate(pathname.slice(root.length) + search));
    };
    const onBack = (event) => {
      const { pathname, search } = location;
      event.stopImmediatePropagation();
      history.pushState(null, '', address.current);
      leave(() => navigate(pathname.slice(root.length) + search, { replace: true }));
    };
    const onClose = (event) => event.preventDefault();

    // Before the router and the links hear of it.
    document.addEventListener('click', onClick, true);
    addEventListener('popstate', onBack, true);
    addEventListener('beforeunload', onClose);
    function stop() {
      document.removeEventListener('click', onClick, true);
      removeEventListener('popstate', onBack, true);
      removeEventListener('beforeunload', onClose);
    }
    return stop;
  }, [dirty]);
}
