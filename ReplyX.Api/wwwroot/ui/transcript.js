// A conversation that may be ten thousand rows long: only those near the view are in the page. It stays at its end while the reader is
// there; elsewhere the row at the top stays where it is, whatever comes in above or turns out to be higher than was thought.
import { html, useLayoutEffect, useReducer, useRef } from './html.js';
import { Offsets } from './offsets.js';

// How far beyond the view rows are kept, in px: about a screen, so that a quick scroll finds them there.
const margin = 700;
// Who is so near the end is at the end.
const nearEnd = 24;
// How far from the top older rows are asked for.
const nearTop = 900;

/**
 * @param rows `{ key, … }` in order. A row with `isFixture` is never what the view is held by: it stays at the top.
 * @param renderRow Gives the row's content.
 * @param estimate The probable height of a row.
 * @param control Gets `{ toEnd() }`.
 */
export function Transcript({ rows, renderRow, estimate, label, onNearTop, onEnd, control }) {
  const box = useRef(null);
  const above = useRef(null);
  const list = useRef(null);
  const below = useRef(null);
  const [, redraw] = useReducer((count) => count + 1, 0);
  const view = useRef(null);
  view.current ??= {
    offsets: new Offsets((row) => estimate(row, box.current?.clientWidth ?? 360)),
    rows: [], atEnd: true, anchor: null, height: 600, range: [0, 0], seen: 0,
  };
  const state = view.current;

  // The reader may have scrolled, and its event is yet to come: what is drawn now must not undo that.
  const notice = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    if (Math.abs(scrollTop - state.seen) < 1) return;
    state.seen = scrollTop;
    const atEnd = scrollHeight - clientHeight - scrollTop <= nearEnd;
    state.anchor = atEnd ? null : anchorAt(state, scrollTop);
    if (atEnd !== state.atEnd) {
      state.atEnd = atEnd;
      // Not now: this may be amid a drawing.
      queueMicrotask(() => onEnd?.(atEnd));
    }
  };

  if (box.current) notice();
  state.rows = rows;
  state.offsets.setRows(rows);
  const range = rangeOf(state);
  state.range = range;

  const settle = () => {
    state.height = box.current.clientHeight;
    for (const child of list.current.children) {
      state.offsets.measure(child.dataset.key, child.getBoundingClientRect().height);
    }

    above.current.style.height = `${state.offsets.start(state.range[0])}px`;
    below.current.style.height = `${state.offsets.total - state.offsets.start(state.range[1])}px`;
    // The end is the box's own, which has some room below the last row.
    const top = state.atEnd ? box.current.scrollHeight - box.current.clientHeight : topOf(state);
    if (Math.abs(box.current.scrollTop - top) >= 1) box.current.scrollTop = top;
    state.seen = box.current.scrollTop;
    if (!covers(state.range, rangeOf(state, 0))) redraw();
  };

  useLayoutEffect(settle);

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      notice();
      settle();
    });
    observer.observe(box.current);
    observer.observe(list.current);
    if (control) {
      control.current = {
        toEnd() {
          Object.assign(state, { atEnd: true, anchor: null });
          onEnd?.(true);
          redraw();
        },
      };
    }

    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    notice();
    if (box.current.scrollTop < nearTop) onNearTop?.();
    if (!covers(state.range, rangeOf(state, margin / 2))) redraw();
  };

  return html`<div class="transcript" ref=${box} role="log" aria-live="off" aria-label=${label} tabindex="0" onScroll=${onScroll}>
    <div ref=${above}></div>
    <div ref=${list} class="transcript-rows">
      ${rows.slice(range[0], range[1]).map((row) => html`<div class="row" key=${row.key} data-key=${row.key}>${renderRow(row)}</div>`)}
    </div>
    <div ref=${below}></div>
  </div>`;
}

function anchorAt({ offsets, rows }, top) {
  let index = offsets.at(top);
  while (rows[index]?.isFixture && index + 1 < rows.length) index++;
  return rows[index] ? { key: rows[index].key, delta: top - offsets.start(index) } : null;
}

/** Where the view is to begin. */
function topOf({ offsets, atEnd, anchor, height }) {
  const end = Math.max(0, offsets.total - height);
  const index = atEnd || !anchor ? -1 : offsets.indexOf(anchor.key);
  return index < 0 ? end : Math.max(0, Math.min(end, offsets.start(index) + anchor.delta));
}

function rangeOf(state, around = margin) {
  const top = topOf(state);
  const { offsets, height } = state;
  return [offsets.at(Math.max(0, top - around)), Math.min(offsets.count, offsets.at(top + height + around) + 1)];
}

const covers = (outer, inner) => outer[0] <= inner[0] && outer[1] >= inner[1];
