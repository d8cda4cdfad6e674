/** A rate over what Grafana takes for a sensible window: at least four scrapes, and no gap between two points. */
export const rate = (series: string) => `rate(${series}[$__rate_interval])`;

export const sum = (expr: string, ...by: string[]) => aggregate('sum', expr, by);
export const max = (expr: string, ...by: string[]) => aggregate('max', expr, by);
export const min = (expr: string, ...by: string[]) => aggregate('min', expr, by);
export const count = (expr: string, ...by: string[]) => aggregate('count', expr, by);

function aggregate(operator: string, expr: string, by: string[]) {
  return by.length === 0 ? `${operator}(${expr})` : `${operator} by (${by.join(', ')}) (${expr})`;
}

/** Zero rather than "No data" while there is no such series, or a ratio of nothing. For expressions without labels. */
export const orZero = (expr: string) => `${expr} >= 0 or vector(0)`;

/** The same for expressions with labels: one line at zero, named "none" by the given label, while there is no other. */
export const orNone = (expr: string, label: string) =>
  `${expr} >= 0 or on () label_replace(vector(0), "${label}", "none", "", "")`;

/** A quantile of a histogram, which begins with its first value, and is a ratio of nothing while none comes. */
export function quantile(share: number, histogram: string, selector = '') {
  return orZero(`histogram_quantile(${share}, ${sum(rate(`${histogram}_bucket${selector}`), 'le')})`);
}

export function quantileBy(label: string, share: number, histogram: string, selector = '') {
  return orNone(`histogram_quantile(${share}, ${sum(rate(`${histogram}_bucket${selector}`), 'le', label)})`, label);
}
