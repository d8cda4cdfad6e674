// A list box of which only what is in sight is in the page. Rows have one height. Arrows, Home, End, PageUp and PageDown move; Enter chooses.
import { html, useEffect, useLayoutEffect, useRef, useState } from './html.js';

const margin = 6;

/**
 * @param items `[{key, …}]`
 * @param rowHeight In rem, so that rows grow with the reader's letters.
 * @param active The key of the row that the arrows are at.
 * @param selected The key of the row that is chosen.
 * @param renderRow Gives a row's content.
 * @param onActive Told of the key that the arrows come to.
 * @param onChoose Told of the key that is chosen.
 * @param onNearEnd Told that the end is near.
 */
export function VirtualList({ id, items, rowHeight, label, active, selected, renderRow, onActive, onChoose, onNearEnd }) {
  const box = useRef(null);
  const [view, setView] = useState({ top: 0, height: 800, rem: 16 });
  const height = rowHeight * view.rem;
  const at = items.findIndex(({ key }) => key === active);

  useLayoutEffect(() => {
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setView((before) => ({ ...before, height: box.current.clientHeight, rem }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  // What the arrows are at is in sight.
  useLayoutEffect(() => {
    if (at < 0) return;
    const { scrollTop, clientHeight } = box.current;
    if (at * height < scrollTop) box.current.scrollTop = at * height;
    else if ((at + 1) * height > scrollTop + clientHeight) box.current.scrollTop = (at + 1) * height - clientHeight;
  }, [active, height]);

  const first = Math.max(0, Math.floor(view.top / height) - margin);
  const last = Math.min(items.length, Math.ceil((view.top + view.height) / height) + margin);
  useEffect(() => {
    if (last >= items.length - margin) onNearEnd?.();
  }, [last, items.length]);

  // A policy without inline styles allows the style object.
  const spacer = useRef(null);
  const rows = useRef(null);
  useLayoutEffect(() => {
    spacer.current.style.setProperty('height', `${items.length * height}px`);
    rows.current.style.setProperty('transform', `translateY(${first * height}px)`);
  });

  const key = (event) => {
    const page = Math.max(1, Math.floor(view.height / height) - 1);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1, PageDown: at + page, PageUp: at - page }[event.key];
    if (to !== undefined && items.length > 0) onActive(items[Math.max(0, Math.min(items.length - 1, to))].key);
    else if ((event.key === 'Enter' || event.key === ' ') && at >= 0) onChoose(items[at].key);
    else return;
    event.preventDefault();
  };

  const row = (item, index) => html`
    <div key=${item.key} id=${`${id}-${item.key}`} role="option" aria-selected=${item.key === selected} aria-posinset=${index + 1} aria-setsize=${items.length}
      class=${item.key === active ? 'virtual-row active' : 'virtual-row'} onClick=${() => { onActive(item.key); onChoose(item.key); }}>${renderRow(item)}</div>`;
  return html`
    <div class="virtual-list" ref=${box} id=${id} role="listbox" tabindex="0" aria-label=${label}
      aria-activedescendant=${at >= first && at < last ? `${id}-${active}` : undefined}
      onKeyDown=${key} onScroll=${() => setView((before) => ({ ...before, top: box.current.scrollTop }))}>
      <div class="virtual-space" ref=${spacer} role="presentation">
        <div class="virtual-rows" ref=${rows} role="presentation">
          ${items.slice(first, last).map((item, index) => row(item, first + index))}
        </div>
      </div>
    </div>`;
}
