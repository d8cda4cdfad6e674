import { annotation, atMost, dashboard, row, stat, stateTimeline, states, table, target, thresholds, timeseries } from '../builders.js';
import { count, max, orNone, orZero, rate, sum } from '../promql.js';
import { deliveryP99, objective } from '../slo.js';

const services = '{job=~"api|realtime"}';
const refusedByUs = 'websocket_connects_total{outcome="unavailable"}';

export const deploy = dashboard({
  uid: 'replyx-deploy',
  title: 'ReplyX deploy',
  description: 'How does a deploy go: which versions run, which nodes hand over, and does any visitor notice?',
  from: 'now-30m',
  annotations: [
    annotation({
      name: 'Starts',
      color: 'green',
      expr: `process_start_time_seconds${services} * 1000`,
      title: '{{job}} starts',
      text: '{{instance}}',
      tags: 'job,instance',
      valueIsTime: true,
    }),
    annotation({
      name: 'Drains',
      color: 'orange',
      expr: 'websocket_draining == 1',
      title: 'Node drains',
      text: '{{instance}}',
      tags: 'instance',
    }),
  ],
  rows: [
    row(
      4,
      stat({
        title: 'Versions',
        description: 'How many versions run; more than one while a deploy is under way.',
        unit: 'short',
        decimals: 0,
        thresholds: thresholds('green', [2, 'orange']),
        targets: [target(count(count(`replyx_build_info${services}`, 'version')))],
      }),
      stat({
        title: 'Nodes',
        description: 'Realtime nodes that take new sockets, and those that drain.',
        unit: 'short',
        decimals: 0,
        graph: false,
        targets: [target(max('realtime_nodes', 'state'), '{{state}}')],
      }),
      stat({
        title: 'Sockets to hand over',
        description: 'Sockets that draining nodes still have to hand over.',
        unit: 'short',
        decimals: 0,
        targets: [target(orZero(sum('websocket_drain_remaining_sockets')))],
      }),
      stat({
        title: 'Turned away',
        description: 'Tries to open a socket that failed on our side: clients come again, but they wait for it.',
        unit: 'cps',
        thresholds: thresholds('green', [0.01, 'orange']),
        targets: [target(sum(rate(refusedByUs)))],
      }),
    ),
    row(
      8,
      table({
        title: 'Processes',
        description: 'Which version each process runs, and when it started.',
        unit: 'dateTimeFromNow',
        columns: { job: 'Service', instance: 'Process', version: 'Version', Value: 'Started' },
        hidden: ['Time'],
        noValue: 'None',
        targets: [
          target(
            max(
              `process_start_time_seconds${services} * on (job, instance) group_left (version) replyx_build_info${services} * 1000`,
              'job',
              'instance',
              'version',
            ),
          ),
        ],
      }),
      timeseries({
        title: 'Processes by version',
        description: 'How many processes run which version.',
        unit: 'short',
        decimals: 0,
        stacked: true,
        targets: [target(count(`replyx_build_info${services}`, 'version'), '{{version}}')],
      }),
    ),
    row(
      8,
      stateTimeline({
        title: 'Nodes that drain',
        description: 'When each node was in service, and when it drained.',
        unit: 'none',
        thresholds: thresholds('green', [1, 'orange']),
        mappings: states({ '0': ['In service', 'green'], '1': ['Draining', 'orange'] }),
        targets: [target('websocket_draining', '{{instance}}')],
      }),
      timeseries({
        title: 'Sockets to hand over, by node',
        description: 'Sockets that each draining node still has to hand over: the line should fall evenly to zero.',
        unit: 'short',
        targets: [target('websocket_drain_remaining_sockets', '{{instance}}')],
      }),
      timeseries({
        title: 'Sockets by node',
        description: 'Where the sockets are: those of the old nodes should arrive at the new ones.',
        unit: 'short',
        stacked: true,
        targets: [target(sum('websocket_connections_total', 'instance'), '{{instance}}')],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Reconnects',
        description: 'Sockets closed for a restart (1012), and those that were opened: the second follows the first.',
        unit: 'cps',
        targets: [
          target(orZero(sum(rate('websocket_disconnects_total{code="1012"}'))), 'closed with 1012'),
          target(sum(rate('websocket_connects_total{outcome="accepted"}')), 'opened'),
        ],
      }),
      timeseries({
        title: 'Recoveries by outcome',
        description: 'How resumptions by cursor end: after a deploy all of them should have recovered.',
        unit: 'cps',
        targets: [target(sum(rate('websocket_recoveries_total'), 'outcome'), '{{outcome}}')],
      }),
      timeseries({
        title: 'Turned away by reason',
        description: 'Sockets that we refused: the node drains, is full, or does not hear Redis.',
        unit: 'cps',
        targets: [
          target(
            sum(
              rate('websocket_connection_errors_total{error_type=~"draining|limit_pool|limit_node|backplane_unavailable|internal"}'),
              'error_type',
            ),
            '{{error_type}}',
          ),
        ],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Errors answered by the Api',
        description: 'Errors that the Api answered, by their code: those with 503 among them are ours.',
        unit: 'reqps',
        targets: [target(orNone(sum(rate('replyx_api_problems_total'), 'code'), 'code'), '{{code}}')],
      }),
      timeseries({
        title: 'Delivery, p99',
        description: 'How long an event takes to a socket while the deploy is under way.',
        unit: 's',
        thresholds: atMost(objective.delivery),
        targets: [target(deliveryP99, 'p99')],
      }),
    ),
  ],
});
