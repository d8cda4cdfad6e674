import { atLeast, atMost, dashboard, row, stat, stateTimeline, states, table, target, thresholds, timeseries } from '../builders.js';
import { count, max, orNone, orZero, rate, sum } from '../promql.js';
import { availability, budgetLeft, connectSuccess, deliveryP99, objective } from '../slo.js';

const severity = (name: string, color: string) => ({ [name]: { text: name, color } });

export const overview = dashboard({
  uid: 'replyx-overview',
  title: 'ReplyX overview',
  description: 'Are visitors being served?',
  from: 'now-1h',
  rows: [
    row(
      4,
      stat({
        title: 'Availability',
        description: 'The share of requests and connects, over five minutes, that we did not fail; the objective is 99.9 %.',
        unit: 'percentunit',
        decimals: 2,
        max: 1,
        thresholds: atLeast(objective.availability),
        targets: [target(availability)],
      }),
      stat({
        title: 'Connection success',
        description: 'The share of tries to open a socket that were not turned away on our side; the objective is 95 %.',
        unit: 'percentunit',
        decimals: 2,
        max: 1,
        thresholds: atLeast(objective.connects),
        targets: [target(connectSuccess)],
      }),
      stat({
        title: 'Delivery, p99',
        description: 'How long an event takes to a socket at worst, but for one in a hundred; the objective is less than 100 ms.',
        unit: 's',
        thresholds: atMost(objective.delivery),
        targets: [target(deliveryP99)],
      }),
      stat({
        title: 'Error budget left',
        description: 'How many of the failures that 99.9 % allows within 30 days remain; below zero the objective is missed.',
        unit: 'percentunit',
        decimals: 1,
        max: 1,
        thresholds: thresholds('red', [0, 'orange'], [0.25, 'green']),
        targets: [target(budgetLeft)],
      }),
    ),
    row(
      4,
      stat({
        title: 'Realtime nodes',
        description: 'Nodes that answer a scrape; with fewer than two, nobody takes over when one goes.',
        unit: 'short',
        decimals: 0,
        thresholds: thresholds('red', [1, 'orange'], [2, 'green']),
        targets: [target('replyx:realtime_nodes:up')],
      }),
      stat({
        title: 'Open sockets',
        description: 'Sockets that are open now, on all nodes together.',
        unit: 'short',
        decimals: 0,
        targets: [target(orZero(sum('websocket_connections_total')))],
      }),
      stat({
        title: 'Messages',
        description: 'Messages that were stored, of all senders together, over sockets and HTTP.',
        unit: 'mps',
        targets: [target(orZero(sum(rate('dialog_append_duration_seconds_count{outcome="appended"}'))))],
      }),
      stat({
        title: 'Firing alerts',
        description: 'Alerts that fire now; the table below names them.',
        unit: 'short',
        decimals: 0,
        thresholds: atMost(1),
        targets: [target(orZero(count('ALERTS{alertstate="firing"}')))],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Availability over time',
        description: 'The share of requests and connects that did not fail on our side, and the objective of 99.9 %.',
        unit: 'percentunit',
        softMin: 0.99,
        max: 1,
        thresholds: atLeast(objective.availability),
        targets: [target(availability, 'served')],
      }),
      timeseries({
        title: 'Connection success over time',
        description: 'The share of tries to open a socket that were not turned away on our side, and the objective of 95 %.',
        unit: 'percentunit',
        softMin: 0.9,
        max: 1,
        thresholds: atLeast(objective.connects),
        targets: [target(connectSuccess, 'opened')],
      }),
      timeseries({
        title: 'Delivery over time, p99',
        description: 'How long an event takes to a socket at worst, but for one in a hundred, and the objective of 100 ms.',
        unit: 's',
        thresholds: atMost(objective.delivery),
        targets: [target(deliveryP99, 'p99')],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Sockets by type',
        description: 'Open sockets, by the path that they came by.',
        unit: 'short',
        stacked: true,
        targets: [target(sum('websocket_connections_total', 'type'), '{{type}}')],
      }),
      timeseries({
        title: 'Events written',
        description: 'Events that were written to sockets: one message counts once for each socket that gets it.',
        unit: 'eps',
        stacked: true,
        targets: [target(sum(rate('websocket_messages_sent_total'), 'type'), '{{type}}')],
      }),
      timeseries({
        title: 'Errors answered by the Api',
        description: 'Errors that the Api answered, by their code; most of them are a client\'s doing.',
        unit: 'reqps',
        targets: [target(orNone(sum(rate('replyx_api_problems_total'), 'code'), 'code'), '{{code}}')],
      }),
    ),
    row(
      8,
      table({
        title: 'Active alerts',
        description: 'Alerts that fire or are about to; the runbook says what to do about each.',
        unit: 'none',
        columns: { alertname: 'Alert', severity: 'Severity', alertstate: 'State', instance: 'Process' },
        hidden: ['Time', 'Value'],
        noValue: 'No alert',
        overrides: [
          {
            matcher: { id: 'byName', options: 'Severity' },
            properties: [
              { id: 'custom.cellOptions', value: { type: 'color-text' } },
              {
                id: 'mappings',
                value: [{ type: 'value', options: { ...severity('critical', 'red'), ...severity('warning', 'orange') } }],
              },
            ],
          },
        ],
        targets: [target(orNone(max('ALERTS', 'alertname', 'severity', 'alertstate', 'instance'), 'alertname'))],
      }),
      stateTimeline({
        title: 'What is up',
        description: 'Whether each process answers a scrape, and Redis the Api.',
        unit: 'none',
        thresholds: thresholds('red', [1, 'green']),
        mappings: states({ '1': ['Up', 'green'], '0': ['Down', 'red'] }),
        targets: [target('up{job=~"api|realtime"}', '{{job}} {{instance}}'), target('redis_up', 'Redis, seen by {{instance}}')],
      }),
    ),
  ],
});
