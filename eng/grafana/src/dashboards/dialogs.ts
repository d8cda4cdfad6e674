import { atMost, dashboard, heatmap, row, stat, target, timeseries } from '../builders.js';
import { max, orNone, orZero, quantile, quantileBy, rate, sum } from '../promql.js';
import { alertAbove } from '../slo.js';

export const dialogs = dashboard({
  uid: 'replyx-dialogs',
  title: 'ReplyX dialogs',
  description: 'Do people talk, are messages stored quickly, and does who asks for a human get one?',
  from: 'now-1h',
  rows: [
    row(
      4,
      stat({
        title: 'Dialogs with a socket',
        description: 'Dialogs that somebody has open now; one on two nodes counts twice.',
        unit: 'short',
        decimals: 0,
        targets: [target(sum('websocket_dialogs'))],
      }),
      stat({
        title: 'Messages',
        description: 'Messages accepted over HTTP, of all senders together.',
        unit: 'mps',
        targets: [target(sum(rate('replyx_api_messages_accepted_total')))],
      }),
      stat({
        title: 'Append, p99',
        description: 'How long storing a message takes at worst, but for one in a hundred.',
        unit: 's',
        targets: [target(orZero(max('replyx:dialog_append_duration_seconds:p99')))],
      }),
      stat({
        title: 'Waiting for a human, p90',
        description: 'How long nine in ten of those wait who asked for a human, until one came or they gave up.',
        unit: 's',
        thresholds: atMost(alertAbove.waiting),
        targets: [target(quantile(0.9, 'handoff_waiting_duration_seconds'))],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Dialogs opened by mode',
        description: 'Dialogs that visitors start, in the widget or on a site of its own.',
        unit: 'cps',
        stacked: true,
        targets: [target(sum(rate('replyx_api_dialogs_opened_total'), 'mode'), '{{mode}}')],
      }),
      timeseries({
        title: 'Messages by sender',
        description: 'Messages accepted over HTTP, by who wrote them; retries are not counted.',
        unit: 'mps',
        stacked: true,
        targets: [target(sum(rate('replyx_api_messages_accepted_total'), 'sender'), '{{sender}}')],
      }),
      timeseries({
        title: 'Dialogs by pool',
        description: 'Dialogs that have an open socket, by the pool of that socket.',
        unit: 'short',
        stacked: true,
        targets: [target(sum('websocket_dialogs', 'pool'), '{{pool}}')],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Append latency by outcome, p99',
        description: 'How long storing takes, by how it ended: failed ones are those that Redis did not answer.',
        unit: 's',
        targets: [target(quantileBy('outcome', 0.99, 'dialog_append_duration_seconds'), '{{outcome}}')],
      }),
      timeseries({
        title: 'Appends by outcome',
        description: 'How appends to logs of dialogs end: a duplicate is a retry that was recognized.',
        unit: 'ops',
        targets: [target(orNone(sum(rate('dialog_append_duration_seconds_count'), 'outcome'), 'outcome'), '{{outcome}}')],
      }),
      heatmap({
        title: 'Append latency, spread',
        description: 'How many appends took how long.',
        unit: 's',
        targets: [target(orNone(sum('increase(dialog_append_duration_seconds_bucket[$__rate_interval])', 'le'), 'le'), '{{le}}')],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Handoff steps',
        description: 'Requests for a human, takeovers, releases and cancellations.',
        unit: 'cps',
        targets: [target(sum(rate('handoff_steps_total'), 'step'), '{{step}}')],
      }),
      timeseries({
        title: 'Waiting for a human',
        description: 'How long those wait who asked for a human, until one came or they gave up.',
        unit: 's',
        thresholds: atMost(alertAbove.waiting),
        targets: [0.5, 0.9].map((share) => target(quantile(share, 'handoff_waiting_duration_seconds'), `p${share * 100}`)),
      }),
      timeseries({
        title: 'Ends of the wait',
        description: 'Whether the wait for a human ended with one, or with the visitor giving up.',
        unit: 'cps',
        targets: [target(orNone(sum(rate('handoff_waiting_duration_seconds_count'), 'outcome'), 'outcome'), '{{outcome}}')],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Archive, done',
        description: 'Segments stored in the archive, events taken out of their logs afterwards, segments deleted for their age, and those moved from Redis to files.',
        unit: 'cps',
        targets: [
          target(sum(rate('archive_segments_total')), 'segments stored'),
          target(sum(rate('archive_trimmed_events_total')), 'events trimmed'),
          target(sum(rate('archive_retention_deletions_total')), 'segments deleted'),
          target(sum(rate('archive_moved_segments_total')), 'segments moved to files'),
        ],
      }),
      timeseries({
        title: 'Archive, failed',
        description: 'Dialogs whose archiving failed, by reason, those that found the queue full, and uses of an archive in files that failed.',
        unit: 'cps',
        targets: [
          target(sum(rate('archive_failures_total'), 'reason'), '{{reason}}'),
          target(sum(rate('archive_hints_dropped_total')), 'queue full'),
          target(sum(rate('archive_disk_errors_total')), 'disk'),
        ],
      }),
      timeseries({
        title: 'Archive, waiting',
        description: 'How long the dialog that is archived next has waited: more than minutes means that the archive does not keep up.',
        unit: 's',
        thresholds: atMost(alertAbove.archiveAge),
        targets: [target(max('archive_queue_age_seconds', 'instance'), '{{instance}}')],
      }),
    ),
  ],
});
