import type {
  Annotation,
  Dashboard,
  Gauge,
  Heatmap,
  Panel,
  Prometheus,
  Published,
  Query,
  Stat,
  StateTimeline,
  Table,
  TimeSeries,
  Unit,
  Variable,
} from './schema.js';

const prometheus: Prometheus = { type: 'prometheus', uid: 'prometheus' };

type Steps = { color: string; value: number | null }[];
type Override = TimeSeries['fieldConfig']['overrides'][number];
type Mappings = NonNullable<Stat['fieldConfig']['defaults']['mappings']>;

/** A panel that has no place yet: a row gives it one, the dashboard its number. */
type Unplaced<P extends Panel = Panel> = P extends Panel ? Omit<P, 'id' | 'gridPos'> : never;

/** What to ask, and what its lines are called. */
type Target = Pick<Query, 'expr' | 'legendFormat'>;

interface Common {
  title: string;
  /** One sentence in plain words: it is what somebody reads who was just woken up. */
  description: string;
  unit: Unit;
  targets: Target[];
  thresholds?: Steps;
  min?: number;
  max?: number;
  decimals?: number;
}

export const target = (expr: string, legendFormat = ''): Target => ({ expr, legendFormat });

/** The color below the first value, then from each value on. */
export const thresholds = (below: string, ...from: [value: number, color: string][]): Steps => [
  { color: below, value: null },
  ...from.map(([value, color]) => ({ color, value })),
];

/** Good below, bad from the value on. */
export const atMost = (value: number) => thresholds('green', [value, 'red']);

/** Bad below, good from the value on. */
export const atLeast = (value: number) => thresholds('red', [value, 'green']);

/** Words and colors for numbers that are states. */
export const states = (words: Record<string, [text: string, color: string]>): Mappings => [
  {
    type: 'value',
    options: Object.fromEntries(Object.entries(words).map(([value, [text, color]], index) => [value, { text, color, index }])),
  },
];

export const yesOrNo = states({ '1': ['Yes', 'green'], '0': ['No', 'red'] });

/** Draws lines whose name matches as limits: dashed, red, nothing beneath. */
export const limitLine = (name: string): Override => ({
  matcher: { id: 'byRegexp', options: `/${name}/` },
  properties: [
    { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
    { id: 'custom.fillOpacity', value: 0 },
    { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
    { id: 'custom.stacking', value: { mode: 'none' } },
  ],
});

export function timeseries(p: Common & { stacked?: boolean; overrides?: Override[]; softMin?: number }): Unplaced<TimeSeries> {
  return {
    ...head(p, 'time_series'),
    type: 'timeseries',
    fieldConfig: {
      defaults: {
        ...defaults(p),
        ...(p.softMin === undefined ? { min: p.min ?? 0 } : {}),
        color: { mode: 'palette-classic' },
        custom: {
          drawStyle: 'line',
          lineInterpolation: 'linear',
          lineWidth: 1,
          fillOpacity: p.stacked ? 25 : 10,
          gradientMode: 'none',
          showPoints: 'never',
          spanNulls: false,
          axisPlacement: 'auto',
          ...(p.softMin === undefined ? {} : { axisSoftMin: p.softMin }),
          stacking: { group: 'A', mode: p.stacked ? 'normal' : 'none' },
          thresholdsStyle: { mode: p.thresholds ? 'dashed' : 'off' },
        },
      },
      overrides: p.overrides ?? [],
    },
    options: {
      legend: { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

export function stat(p: Common & { mappings?: Mappings; graph?: boolean; text?: Stat['options']['textMode'] }): Unplaced<Stat> {
  return {
    ...head(p, 'time_series'),
    type: 'stat',
    fieldConfig: {
      defaults: { ...defaults(p), ...(p.mappings ? { mappings: p.mappings } : {}), color: { mode: 'thresholds' } },
      overrides: [],
    },
    options: {
      colorMode: 'value',
      graphMode: p.graph === false ? 'none' : 'area',
      justifyMode: 'auto',
      orientation: 'auto',
      percentChangeColorMode: 'standard',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      showPercentChange: false,
      textMode: p.text ?? 'auto',
      wideLayout: true,
    },
  };
}

export function gauge(p: Common): Unplaced<Gauge> {
  return {
    ...head(p, 'time_series'),
    type: 'gauge',
    fieldConfig: { defaults: { ...defaults(p), color: { mode: 'thresholds' } }, overrides: [] },
    options: {
      minVizHeight: 75,
      minVizWidth: 75,
      orientation: 'auto',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      showThresholdLabels: false,
      showThresholdMarkers: true,
      sizing: 'auto',
    },
  };
}

/** The newest values, a row for each series; `columns` are the labels to show and the headings above them, in order. */
export function table(
  p: Common & { columns: Record<string, string>; hidden: string[]; noValue: string; overrides?: Override[] },
): Unplaced<Table> {
  return {
    ...head(p, 'table'),
    type: 'table',
    fieldConfig: {
      defaults: {
        ...defaults(p),
        noValue: p.noValue,
        color: { mode: 'thresholds' },
        custom: { align: 'auto', cellOptions: { type: 'auto' }, inspect: false },
      },
      overrides: p.overrides ?? [],
    },
    options: {
      cellHeight: 'sm',
      footer: { countRows: false, fields: [], reducer: ['sum'], show: false },
      frameIndex: 0,
      showHeader: true,
    },
    transformations: [
      {
        id: 'organize',
        options: {
          excludeByName: Object.fromEntries(p.hidden.map((name) => [name, true])),
          includeByName: {},
          indexByName: Object.fromEntries(Object.keys(p.columns).map((name, index) => [name, index])),
          renameByName: p.columns,
        },
      },
    ],
  };
}

/** Where the values of a histogram lie, as time goes by. */
export function heatmap(p: Common): Unplaced<Heatmap> {
  return {
    ...head(p, 'heatmap'),
    type: 'heatmap',
    fieldConfig: {
      defaults: {
        ...defaults(p),
        custom: { hideFrom: { legend: false, tooltip: false, viz: false }, scaleDistribution: { type: 'linear' } },
      },
      overrides: [],
    },
    options: {
      calculate: false,
      cellGap: 1,
      color: { exponent: 0.5, fill: 'dark-orange', mode: 'scheme', reverse: false, scale: 'exponential', scheme: 'Oranges', steps: 64 },
      exemplars: { color: 'rgba(255,0,255,0.7)' },
      filterValues: { le: 1e-9 },
      legend: { show: true },
      rowsFrame: { layout: 'auto' },
      showValue: 'never',
      tooltip: { mode: 'single', showColorScale: false, yHistogram: false },
      yAxis: { axisPlacement: 'left', reverse: false, unit: p.unit },
    },
  };
}

export function stateTimeline(p: Common & { mappings: Mappings }): Unplaced<StateTimeline> {
  return {
    ...head(p, 'time_series'),
    type: 'state-timeline',
    fieldConfig: {
      defaults: {
        ...defaults(p),
        mappings: p.mappings,
        color: { mode: 'thresholds' },
        custom: { fillOpacity: 70, lineWidth: 0 },
      },
      overrides: [],
    },
    options: {
      alignValue: 'left',
      legend: { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: false },
      mergeValues: true,
      rowHeight: 0.9,
      showValue: 'auto',
      tooltip: { mode: 'single', sort: 'none' },
    },
  };
}

/** Panels side by side, which share the grid's 24 columns evenly. */
export const row = (height: number, ...panels: Unplaced[]) => ({ height, panels });

/** A variable whose values Prometheus tells. */
export const variable = (name: string, label: string, query: string, current: string): Variable => ({
  type: 'query',
  name,
  label,
  query,
  datasource: prometheus,
  ...(current === '' ? {} : { current: { selected: true, text: current, value: current } }),
  hide: 0,
  includeAll: false,
  multi: false,
  options: [],
  // Nodes have a new id with each start: those of the shown time are to be had.
  refresh: 2,
  regex: '',
  skipUrlSync: false,
  sort: 1,
});

/** A mark, or a band, wherever the expression is above zero. */
export const annotation = (p: {
  name: string;
  color: string;
  expr: string;
  title: string;
  text?: string;
  tags?: string;
  /** The value is when it happened, in milliseconds. */
  valueIsTime?: boolean;
}): Annotation => ({
  name: p.name,
  datasource: prometheus,
  enable: true,
  hide: false,
  iconColor: p.color,
  // Of the two places for an expression, which one is read depends on Grafana's version.
  expr: p.expr,
  target: { refId: 'Anno', expr: p.expr },
  step: '5s',
  titleFormat: p.title,
  textFormat: p.text ?? '',
  tagKeys: p.tags ?? '',
  useValueForTime: p.valueIsTime ?? false,
});

/** What people write on graphs by hand. */
const builtIn: Annotation = {
  builtIn: 1,
  datasource: { type: 'grafana', uid: '-- Grafana --' },
  enable: true,
  hide: true,
  iconColor: 'rgba(0, 211, 255, 1)',
  name: 'Annotations & Alerts',
  type: 'dashboard',
};

export const firingAlerts = annotation({
  name: 'Alerts',
  color: 'red',
  expr: 'max by (alertname, severity) (ALERTS{alertstate="firing"})',
  title: '{{alertname}}',
  text: '{{severity}}',
  tags: 'alertname,severity',
});

export function dashboard(p: {
  uid: string;
  title: string;
  description: string;
  from: string;
  rows: ReturnType<typeof row>[];
  variables?: Variable[];
  annotations?: Annotation[];
}): Dashboard {
  const built: Dashboard = {
    uid: p.uid,
    title: p.title,
    description: p.description,
    tags: ['replyx'],
    schemaVersion: 41,
    version: 1,
    editable: false,
    refresh: '10s',
    time: { from: p.from, to: 'now' },
    timezone: 'browser',
    graphTooltip: 1,
    links: [
      {
        type: 'dashboards',
        title: 'ReplyX',
        tooltip: 'The other dashboards',
        tags: ['replyx'],
        asDropdown: false,
        icon: 'external link',
        includeVars: false,
        keepTime: true,
        targetBlank: false,
      },
    ],
    templating: { list: p.variables ?? [] },
    annotations: { list: [builtIn, firingAlerts, ...(p.annotations ?? [])] },
    panels: place(p.rows),
  };
  // Compiles only as long as everything that the narrower type allows is allowed by Grafana's own.
  return built satisfies Published;
}

function place(rows: ReturnType<typeof row>[]): Panel[] {
  const placed: Panel[] = [];
  let y = 0;
  for (const { height, panels } of rows) {
    panels.forEach((panel, index) => {
      const x = Math.floor((24 * index) / panels.length);
      const w = Math.floor((24 * (index + 1)) / panels.length) - x;
      placed.push({ ...panel, id: placed.length + 1, gridPos: { x, y, w, h: height } });
    });
    y += height;
  }
  return placed;
}

function head(p: Common, format: Query['format']) {
  return {
    title: p.title,
    description: p.description,
    datasource: prometheus,
    targets: p.targets.map(({ expr, legendFormat }, index): Query => ({
      refId: String.fromCharCode(65 + index),
      datasource: prometheus,
      expr,
      legendFormat,
      format,
      instant: format === 'table',
      range: format !== 'table',
    })),
  };
}

function defaults(p: Common) {
  return {
    unit: p.unit,
    ...(p.min === undefined ? {} : { min: p.min }),
    ...(p.max === undefined ? {} : { max: p.max }),
    ...(p.decimals === undefined ? {} : { decimals: p.decimals }),
    thresholds: { mode: 'absolute' as const, steps: p.thresholds ?? thresholds('blue') },
  };
}
