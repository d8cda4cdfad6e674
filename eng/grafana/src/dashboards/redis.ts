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
  yesOrNo,
} from '../builders.js';
import { max, min, orZero, quantile, rate, sum } from '../promql.js';
import { alertAbove } from '../slo.js';

const onlyOne = thresholds('red', [1, 'green']);

export const redis = dashboard({
  uid: 'replyx-redis',
  title: 'ReplyX Redis',
  description: 'Does Redis answer, has it room, and do the nodes hear what is published?',
  from: 'now-1h',
  rows: [
    row(
      4,
      stat({
        title: 'Redis answers',
        description: 'Whether Redis answered the last look of every instance of the Api.',
        unit: 'none',
        thresholds: onlyOne,
        mappings: yesOrNo,
        graph: false,
        targets: [target(min('redis_up'))],
      }),
      gauge({
        title: 'Memory',
        description: 'The share of its memory that Redis has taken; when it is full, messages are refused. 0 where Redis tells no limit.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        thresholds: atMost(alertAbove.redisMemory),
        targets: [target(orZero(max('replyx:redis_memory:ratio')))],
      }),
      stat({
        title: 'Writes to disk',
        description: 'Whether the last write of the append-only file went well; if not, Redis refuses every write.',
        unit: 'none',
        // Redis' embedded stand-in does not tell, which is no fault.
        thresholds: thresholds('text', [0, 'red'], [1, 'green']),
        mappings: states({ '1': ['Go well', 'green'], '0': ['Fail', 'red'], '-1': ['Not told', 'text'] }),
        graph: false,
        targets: [target(`${min('redis_persistence_ok')} or vector(-1)`)],
      }),
      stat({
        title: 'All nodes hear Redis',
        description: 'Whether every delivery loop of every node hears what is published, and renews its lease.',
        unit: 'none',
        thresholds: onlyOne,
        mappings: yesOrNo,
        graph: false,
        targets: [target(min('backplane_connected'))],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Round trip',
        description: 'How long a PING from the Api takes to Redis and back.',
        unit: 's',
        targets: [0.5, 0.95, 0.99].map((share) => target(quantile(share, 'redis_round_trip_duration_seconds'), `p${share * 100}`)),
      }),
      timeseries({
        title: 'Memory used',
        description: 'The memory that Redis\' data take, and the most that they may.',
        unit: 'bytes',
        overrides: [limitLine('limit')],
        targets: [target(max('redis_memory_used_bytes'), 'used'), target(max('redis_memory_limit_bytes'), 'limit')],
      }),
      timeseries({
        title: 'Clients',
        description: 'Connections that Redis has.',
        unit: 'short',
        targets: [target(max('redis_connected_clients'), 'clients')],
      }),
      timeseries({
        title: 'Commands',
        description: 'Commands that Redis executes a second.',
        unit: 'ops',
        targets: [target(max(rate('redis_commands_processed_total')), 'commands')],
      }),
    ),
    row(
      7,
      stateTimeline({
        title: 'Redis, as each Api sees it',
        description: 'Whether Redis answered each instance of the Api: if only one has none, the network between them is at fault.',
        unit: 'none',
        thresholds: onlyOne,
        mappings: states({ '1': ['Answers', 'green'], '0': ['Away', 'red'] }),
        targets: [target('redis_up', '{{instance}}')],
      }),
      stateTimeline({
        title: 'Backplane by node',
        description: 'Whether each node hears Redis; one that does not refuses new sockets and tells those that it has.',
        unit: 'none',
        thresholds: onlyOne,
        mappings: states({ '1': ['Hears', 'green'], '0': ['Deaf', 'red'] }),
        targets: [target('backplane_connected', '{{instance}}')],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Probe latency',
        description: 'How long a probe takes from its publication until a node hears it: what Redis adds to each delivery.',
        unit: 's',
        targets: [0.5, 0.95, 0.99].map((share) => target(quantile(share, 'backplane_probe_duration_seconds'), `p${share * 100}`)),
      }),
      timeseries({
        title: 'Probe failures',
        description: 'Probes that a node did not hear within two seconds.',
        unit: 'cps',
        targets: [target(sum(rate('backplane_probe_failures_total'), 'instance'), '{{instance}}')],
      }),
      timeseries({
        title: 'Gaps by kind',
        description: 'Holes in what Redis carried, each filled from the log: replaced means that a log was lost or rolled back.',
        unit: 'cps',
        targets: [target(sum(rate('websocket_backplane_gaps_total'), 'kind'), '{{kind}}')],
      }),
      timeseries({
        title: 'Failed appends',
        description: 'Messages that could not be stored; senders are told, and try again.',
        unit: 'ops',
        targets: [target(orZero(sum(rate('dialog_append_duration_seconds_count{outcome="failed"}'))), 'failed')],
      }),
    ),
  ],
});
