// Lines over time, drawn by uPlot, which is loaded when it is wanted. What a line shows is in the table below it as well.
import { html, useEffect, useRef, useState } from '../../ui/html.js';
import { loadStylesheet } from '../../ui/stylesheet.js';
import { onColors } from '../../ui/theme.js';
import { locale, useText } from '../i18n.js';

const height = 170;
// In seconds, the least that the time axis shows: the first samples would fill it.
const leastTime = 60;
// Every so many samples a row, so that the table can be read.
const rowEvery = 15;
// What one tick is above the other: no more than one decimal, since no more are written.
const steps = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((digit) => Number(`${digit}e${power - 1}`))).flat();
const wholeSteps = steps.filter(Number.isInteger);
const colors = ['--accent', '--plot-2', '--plot-3', '--plot-4'];

let loading;
const load = () => (loading ??= Promise.all([
  import('../../vendor/uplot.js'),
  loadStylesheet(new URL('../../vendor/uplot.css', import.meta.url)),
]).then(([module]) => module.default));

/**
 * @param title What is shown.
 * @param times In milliseconds.
 * @param lines `[{label, values}]`, a value for each time; null where there is none.
 * @param format Writes a value, with one decimal at most.
 * @param isCount Whether the values are whole numbers.
 */
export function Plot({ title, times, lines, format, isCount = false }) {
  const t = useText();
  const box = useRef(null);
  const plot = useRef(null);
  const [edition, setEdition] = useState(0);
  const data = [times.map((time) => time / 1_000), ...lines.map(({ values }) => values)];
  const shape = lines.map(({ label }) => label).join('\n');

  useEffect(() => onColors(() => setEdition((count) => count + 1)), []);
  useEffect(() => {
    let isGone = false;
    let observer;
    void load().then((UPlot) => {
      if (isGone) return;
      // A canvas wants the colour that the theme makes of a token.
      const color = (name) => {
        box.current.style.color = `var(${name})`;
        return getComputedStyle(box.current).color;
      };
      const axis = { stroke: color('--text-faint'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, font: '11px sans-serif' };
      const time = new Intl.DateTimeFormat(locale(), { hour: 'numeric', minute: '2-digit', second: '2-digit' });
      plot.current = new UPlot({
        width: Math.max(200, box.current.clientWidth),
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { range: (_, min, max) => (max === null ? [null, null] : [Math.min(min, max - leastTime), max]) }, y: { range: (_, __, max) => [0, Math.max(max * 1.15, 1)] } },
        axes: [
          { ...axis, space: 90, size: 30, values: (_, values) => values.map((value) => time.format(value * 1_000)) },
          { ...axis, size: 52, incrs: isCount ? wholeSteps : steps, values: (_, values) => values.map((value) => format(value)) },
        ],
        series: [{}, ...lines.map(({ label }, index) => ({
          label, stroke: color(colors[index % colors.length]), width: 2, points: { show: false },
          ...(index === 0 && lines.length === 1 ? { fill: color('--accent-soft') } : {}),
        }))],
      }, data, box.current);
      observer = new ResizeObserver(() => plot.current?.setSize({ width: Math.max(200, box.current.clientWidth), height }));
      observer.observe(box.current);
    });
    return () => {
      isGone = true;
      observer?.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape, edition, t]);
  useEffect(() => plot.current?.setData(data), [times]);

  const shown = (values, index) => (values[index] === null || values[index] === undefined ? '–' : format(values[index]));
  const rows = times.map((_, index) => index).filter((index) => (times.length - 1 - index) % rowEvery === 0).reverse();
  const clock = new Intl.DateTimeFormat(locale(), { timeStyle: 'medium' });
  return html`
    <figure class="plot card">
      <figcaption>
        <h2>${title}</h2>
        <ul class="plot-key">
          ${lines.map(({ label, values }, index) => html`
            <li key=${label} class=${`plot-line-${index % colors.length}`}><span class="plot-dot" aria-hidden="true" />${label} <strong>${shown(values, values.length - 1)}</strong></li>`)}
        </ul>
      </figcaption>
      <div class="plot-box" ref=${box} aria-hidden="true"></div>
      <details>
        <summary>${t('status.table')}<span class="sr-only">: ${title}</span></summary>
        <table class="table">
          <thead><tr><th scope="col">${t('status.time')}</th>${lines.map(({ label }) => html`<th key=${label} scope="col">${label}</th>`)}</tr></thead>
          <tbody>
            ${rows.map((index) => html`
              <tr key=${times[index]}><th scope="row">${clock.format(times[index])}</th>${lines.map(({ label, values }) => html`<td key=${label}>${shown(values, index)}</td>`)}</tr>`)}
          </tbody>
        </table>
      </details>
    </figure>`;
}
