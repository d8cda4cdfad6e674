// What the visitor has to know of the connection: nothing, as long as it comes back by itself within a moment.
import { html, useEffect, useState } from '../ui/html.js';

const calm = 1_500;

export function StatusLine({ connection, trouble, t }) {
  const isDown = connection.state === 'reconnecting' || connection.state === 'connecting';
  const [isLong, setLong] = useState(false);
  const [isOffline, setOffline] = useState(!navigator.onLine);

  useEffect(() => {
    setLong(false);
    if (!isDown) return undefined;
    const timer = setTimeout(() => setLong(true), calm);
    return () => clearTimeout(timer);
  }, [isDown]);

  useEffect(() => {
    const look = () => setOffline(!navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);

  const text = isOffline ? 'connection.offline' : isDown && isLong ? 'connection.reconnecting' : trouble ? 'connection.late' : undefined;
  return html`<div class="status-line" role="status" data-shown=${String(text !== undefined)}>${text && html`<span>${t(text)}</span>`}</div>`;
}
