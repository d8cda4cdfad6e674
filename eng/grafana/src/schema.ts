import type * as grafana from '@grafana/schema';
import type * as gaugePanel from '@grafana/schema/dist/types/raw/composable/gauge/panelcfg/x/GaugePanelCfg_types.gen.d.ts';
import type * as heatmapPanel from '@grafana/schema/dist/types/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen.d.ts';
import type * as stateTimelinePanel
  from '@grafana/schema/dist/types/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen.d.ts';
import type * as statPanel from '@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.d.ts';
import type * as tablePanel from '@grafana/schema/dist/types/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen.d.ts';
import type * as timeSeriesPanel from '@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.d.ts';

/** A published type as it stands in JSON: an enum of strings is the union of its values, which a JSON literal can be held to. */
export type Json<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? Json<Item>[]
      : T extends object
        ? { [Name in keyof T]: Json<T[Name]> }
        : T;

/** The units in use; Grafana shows one that it does not know as text behind the number. */
export type Unit =
  | 'bytes'
  | 'cps'
  | 'dateTimeFromNow'
  | 'eps'
  | 'mps'
  | 'none'
  | 'ops'
  | 'percentunit'
  | 'reqps'
  | 's'
  | 'short';

/** A query of Grafana's Prometheus datasource. Its type is not among those that are published. */
export interface Query extends Omit<grafana.DataQuery, 'datasource'> {
  datasource: Prometheus;
  expr: string;
  legendFormat: string;
  format: 'time_series' | 'table' | 'heatmap';
  instant: boolean;
  range: boolean;
}

export interface Prometheus {
  type: 'prometheus';
  uid: 'prometheus';
}

/** Grafana allows anything in `custom` and in `options`; here they are those of the panel's own type. */
interface Fields<Custom> extends Omit<grafana.FieldConfigSource, 'defaults'> {
  defaults: Omit<grafana.FieldConfig, 'custom' | 'unit'> & { custom?: Custom; unit: Unit };
}

type PanelOf<Type extends string, Options, Custom> = Omit<
  grafana.Panel,
  'type' | 'id' | 'title' | 'description' | 'datasource' | 'gridPos' | 'targets' | 'options' | 'fieldConfig'
> & {
  type: Type;
  id: number;
  title: string;
  description: string;
  datasource: Prometheus;
  gridPos: grafana.GridPos;
  targets: Query[];
  options: Options;
  fieldConfig: Fields<Custom>;
};

export type TimeSeries = Json<PanelOf<'timeseries', timeSeriesPanel.Options, timeSeriesPanel.FieldConfig>>;
export type Stat = Json<PanelOf<'stat', statPanel.Options, never>>;
export type Gauge = Json<PanelOf<'gauge', gaugePanel.Options, never>>;
export type Table = Json<PanelOf<'table', tablePanel.Options, tablePanel.FieldConfig>>;
export type Heatmap = Json<PanelOf<'heatmap', heatmapPanel.Options, heatmapPanel.FieldConfig>>;
export type StateTimeline = Json<PanelOf<'state-timeline', stateTimelinePanel.Options, stateTimelinePanel.FieldConfig>>;
export type Panel = TimeSeries | Stat | Gauge | Table | Heatmap | StateTimeline;

/** What the Prometheus datasource reads of an annotation, beside what every datasource does. */
interface PrometheusAnnotation extends grafana.AnnotationQuery<grafana.DataQuery & { expr: string }> {
  expr?: string;
  step?: string;
  tagKeys?: string;
  titleFormat?: string;
  textFormat?: string;
  useValueForTime?: boolean;
}

export type Annotation = Json<PrometheusAnnotation>;
export type Variable = Json<Omit<grafana.VariableModel, 'query'>> & { query: string };

type Named = 'uid' | 'title' | 'description' | 'tags';

export type Dashboard = Json<Omit<grafana.Dashboard, 'panels' | 'annotations' | 'templating' | Named>> &
  Record<Exclude<Named, 'tags'>, string> & {
    tags: string[];
    panels: Panel[];
    annotations: { list: Annotation[] };
    templating: { list: Variable[] };
  };

/** Grafana's own type, as JSON: wider than the one above, since it allows anything in `options`, `custom` and `targets`. */
export type Published = Json<grafana.Dashboard>;
