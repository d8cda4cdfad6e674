import { atMost, dashboard, gauge, heatmap, limitLine, row, stat, target, thresholds, timeseries } from '../builders.js';
import { max, orNone, orZero, quantile, rate, sum } from '../promql.js';
import { alertAbove, objective } from '../slo.js';

export const sockets = dashboard({
  uid: 'replyx-sockets',
  title: 'ReplyX sockets',
  description: 'Do sockets open, stay open, and get every event in time?',
  from: 'now-1h',
  rows: [
    row(
      4,
      stat({
        title: 'Open sockets',
        description: 'Sockets that are open now, on all nodes together.',
        unit: 'short',
        decimals: 0,
        targets: [target(sum('websocket_connections_total'))],
      }),
      gauge({
        title: 'Fullest pool',
        description: 'The share of its limit that the fullest pool of any node has taken; at 100 % visitors are turned away.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        thresholds: atMost(alertAbove.pool),
        targets: [target(orZero(max('replyx:websocket_pool_fill:ratio')))],
      }),
      gauge({
        title: 'Fullest queue',
        description: 'The share of its limit that waits for slow sockets on the node with most; at 100 % the slowest are closed.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        thresholds: thresholds('green', [0.5, 'orange'], [0.9, 'red']),
        targets: [target(orZero(max('websocket_queued_bytes / websocket_queued_limit_bytes')))],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Connects by outcome',
        description: 'How tries to open a socket end: rejected is the client\'s doing, unavailable is ours, aborted left too early.',
        unit: 'cps',
        stacked: true,
        targets: [target(sum(rate('websocket_connects_total'), 'outcome'), '{{outcome}}')],
      }),
      timeseries({
        title: 'Errors by reason',
        description: 'Why sockets were refused or broken.',
        unit: 'cps',
        targets: [target(sum(rate('websocket_connection_errors_total'), 'error_type'), '{{error_type}}')],
      }),
      timeseries({
        title: 'Disconnects by code',
        description: 'With which close code open sockets ended: 1000 and 1001 are ordinary, 1012 is a restart, 1006 a broken connection.',
        unit: 'cps',
        targets: [target(sum(rate('websocket_disconnects_total'), 'code'), '{{code}}')],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Delivery, end to end',
        description: 'How long an event takes from a service that takes it up to the write on a socket.',
        unit: 's',
        thresholds: atMost(objective.delivery),
        targets: [0.5, 0.95, 0.99].map((share) => target(quantile(share, 'websocket_delivery_duration_seconds'), `p${share * 100}`)),
      }),
      heatmap({
        title: 'Delivery, spread',
        description: 'How many deliveries took how long: a second band shows that some sockets are served worse than others.',
        unit: 's',
        targets: [
          target(orNone(sum('increase(websocket_delivery_duration_seconds_bucket[$__rate_interval])', 'le'), 'le'), '{{le}}'),
        ],
      }),
      timeseries({
        title: 'Publish to socket',
        description: 'How long a node takes from hearing an event until every socket of its dialog has it written or queued.',
        unit: 's',
        targets: [0.5, 0.95, 0.99].map((share) => target(quantile(share, 'websocket_handout_duration_seconds'), `p${share * 100}`)),
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Events written',
        description: 'Events that were written to sockets, by the path that the socket came by.',
        unit: 'eps',
        stacked: true,
        targets: [target(sum(rate('websocket_messages_sent_total'), 'type'), '{{type}}')],
      }),
      timeseries({
        title: 'Fan-out',
        description: 'To how many sockets of a node one event is handed.',
        unit: 'short',
        targets: [0.5, 0.99].map((share) => target(quantile(share, 'websocket_fanout_sockets'), `p${share * 100}`)),
      }),
      timeseries({
        title: 'Recoveries by outcome',
        description: 'How resumptions by cursor end: lost ones have to load their history anew.',
        unit: 'cps',
        targets: [target(sum(rate('websocket_recoveries_total'), 'outcome'), '{{outcome}}')],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Backplane gaps by kind',
        description: 'Holes in what Redis carried, each filled from the log; of kind writer there must be none.',
        unit: 'cps',
        targets: [target(sum(rate('websocket_backplane_gaps_total'), 'kind'), '{{kind}}')],
      }),
      timeseries({
        title: 'Slow consumers',
        description: 'Sockets that were closed since they did not take what was sent to them.',
        unit: 'cps',
        targets: [target(sum(rate('websocket_slow_consumers_total'), 'type'), '{{type}}')],
      }),
      timeseries({
        title: 'Queued bytes',
        description: 'What waits in each node for slow sockets, and the most that may.',
        unit: 'bytes',
        overrides: [limitLine('limit')],
        targets: [
          target('websocket_queued_bytes', '{{instance}}'),
          target(max('websocket_queued_limit_bytes'), 'limit'),
        ],
      }),
      timeseries({
        title: 'Heartbeat round trip',
        description: 'How long a ping takes to a client and back: the network and the client, not us.',
        unit: 's',
        targets: [0.5, 0.95, 0.99].map((share) =>
          target(quantile(share, 'websocket_heartbeat_round_trip_seconds'), `p${share * 100}`),
        ),
      }),
    ),
  ],
});
