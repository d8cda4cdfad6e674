import {
  atMost,
  dashboard,
  gauge,
  limitLine,
  row,
  stat,
  stateTimeline,
  states,
  target,
  thresholds,
  timeseries,
  variable,
} from '../builders.js';
import { max, min, orNone, orZero, quantileBy, rate, sum } from '../promql.js';
import { alertAbove } from '../slo.js';

// By pattern, so that a value that stands for several processes works, too.
const one = '{job=~"$job",instance=~"$instance"}';

export const node = dashboard({
  uid: 'replyx-node',
  title: 'ReplyX node',
  description: 'How does one process fare? An Api has no sockets: its socket panels stand at zero.',
  from: 'now-30m',
  variables: [
    variable('job', 'Service', 'label_values(replyx_build_info, job)', 'realtime'),
    variable('instance', 'Process', 'label_values(replyx_build_info{job=~"$job"}, instance)', ''),
  ],
  rows: [
    row(
      4,
      stat({
        title: 'Started',
        description: 'When this process started.',
        unit: 'dateTimeFromNow',
        graph: false,
        targets: [target(`${max(`process_start_time_seconds${one}`)} * 1000`)],
      }),
      stat({
        title: 'Version',
        description: 'The version that this process runs.',
        unit: 'none',
        graph: false,
        text: 'name',
        targets: [target(max(`replyx_build_info${one}`, 'version'), '{{version}}')],
      }),
      stat({
        title: 'In service',
        description: 'Whether this node takes new sockets, or drains.',
        unit: 'none',
        graph: false,
        thresholds: thresholds('green', [1, 'orange']),
        mappings: states({ '0': ['In service', 'green'], '1': ['Draining', 'orange'] }),
        targets: [target(orZero(max(`websocket_draining${one}`)))],
      }),
      gauge({
        title: 'Fullest pool',
        description: 'The share of its limit that this node\'s fullest pool has taken; at 100 % visitors are turned away.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        thresholds: atMost(alertAbove.pool),
        targets: [target(orZero(max(`replyx:websocket_pool_fill:ratio${one}`)))],
      }),
      gauge({
        title: 'Memory',
        description: 'The share of the memory that it may use which this process has taken; at 100 % the system may end it.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        thresholds: atMost(alertAbove.processMemory),
        targets: [target(orZero(max(`replyx:process_memory:ratio${one}`)))],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Sockets by pool',
        description: 'Open sockets of each pool on this node, and the most that it takes.',
        unit: 'short',
        overrides: [limitLine('limit')],
        targets: [
          target(orNone(sum(`websocket_pool_connections${one}`, 'pool'), 'pool'), '{{pool}}'),
          target(orNone(max(`websocket_pool_limit${one}`, 'pool'), 'pool'), '{{pool}} limit'),
        ],
      }),
      timeseries({
        title: 'CPU',
        description: 'Processor cores that this process keeps busy.',
        unit: 'short',
        stacked: true,
        targets: [target(sum(rate(`dotnet_process_cpu_time_seconds_total${one}`), 'cpu_mode'), '{{cpu_mode}}')],
      }),
      timeseries({
        title: 'Memory used',
        description: 'Memory that this process takes, and the most that it may.',
        unit: 'bytes',
        overrides: [limitLine('limit')],
        targets: [
          target(max(`dotnet_process_memory_working_set_bytes${one}`), 'used'),
          target(max(`process_memory_limit_bytes${one}`), 'limit'),
        ],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Pauses of garbage collection',
        description: 'The share of the time that this process stood still to collect garbage.',
        unit: 'percentunit',
        targets: [target(orZero(sum(rate(`dotnet_gc_pause_time_seconds_total${one}`))), 'paused')],
      }),
      timeseries({
        title: 'HTTP latency by route, p99',
        description: 'How long answers over HTTP take, by route.',
        unit: 's',
        targets: [target(quantileBy('http_route', 0.99, 'http_server_request_duration_seconds', one), '{{http_route}}')],
      }),
      timeseries({
        title: 'HTTP requests by status',
        description: 'Answers over HTTP, by their status.',
        unit: 'reqps',
        stacked: true,
        targets: [
          target(
            orNone(sum(rate(`http_server_request_duration_seconds_count${one}`), 'http_response_status_code'), 'http_response_status_code'),
            '{{http_response_status_code}}',
          ),
        ],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Queued bytes',
        description: 'What waits in this node for slow sockets, and the most that may.',
        unit: 'bytes',
        overrides: [limitLine('limit')],
        targets: [
          target(orZero(max(`websocket_queued_bytes${one}`)), 'queued'),
          target(orZero(max(`websocket_queued_limit_bytes${one}`)), 'limit'),
        ],
      }),
      timeseries({
        title: 'Connections refused',
        description: 'Connections closed as they came: for want of files, or for the share of one address.',
        unit: 'cps',
        targets: [target(sum(rate(`edge_connections_refused_total${one}`), 'reason'), '{{reason}}')],
      }),
      timeseries({
        title: 'Sockets to hand over',
        description: 'Sockets that this node still has to hand over while it drains.',
        unit: 'short',
        targets: [target(orZero(sum(`websocket_drain_remaining_sockets${one}`)), 'sockets')],
      }),
      stateTimeline({
        title: 'Backplane',
        description: 'Whether this node hears what is published in Redis.',
        unit: 'none',
        thresholds: thresholds('text', [0, 'red'], [1, 'green']),
        mappings: states({ '1': ['Hears', 'green'], '0': ['Deaf', 'red'], '-1': ['No node', 'text'] }),
        targets: [target(`${min(`backplane_connected${one}`)} or vector(-1)`, 'backplane')],
      }),
    ),
  ],
});
