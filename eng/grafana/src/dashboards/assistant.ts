import { dashboard, heatmap, row, stat, target, thresholds, timeseries } from '../builders.js';
import { orNone, orZero, quantile, quantileBy, rate, sum } from '../promql.js';

const answered = 'assistant_answer_duration_seconds_count{outcome="answered"}';
const decided = 'assistant_answer_duration_seconds_count{outcome=~"answered|handed_over|lost"}';

export const assistant = dashboard({
  uid: 'replyx-assistant',
  title: 'ReplyX assistant',
  description: 'Does the assistant answer, how soon, and if not, why?',
  from: 'now-1h',
  rows: [
    row(
      4,
      stat({
        title: 'Dialogs in work',
        description: 'Dialogs that an assistant answers right now.',
        unit: 'short',
        decimals: 0,
        targets: [target(sum('assistant_dialogs_in_work'))],
      }),
      stat({
        title: 'Answered',
        description: 'The share of messages that the assistant answered, rather than handing over or losing them; 0 while there are none.',
        unit: 'percentunit',
        max: 1,
        targets: [target(orZero(`${sum(rate(answered))} / ${sum(rate(decided))}`))],
      }),
      stat({
        title: 'First word, p90',
        description: 'How long nine in ten visitors wait for the first word of an answer.',
        unit: 's',
        targets: [target(quantile(0.9, 'assistant_first_text_duration_seconds'))],
      }),
      stat({
        title: 'Failures, last hour',
        description: 'Answers that failed within the last hour, for whatever reason.',
        unit: 'short',
        decimals: 0,
        thresholds: thresholds('green', [1, 'orange']),
        targets: [target(sum('increase(assistant_failures_total[1h])'))],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'First word',
        description: 'How long it takes from taking a message up to the answer\'s first word.',
        unit: 's',
        targets: [0.5, 0.9, 0.99].map((share) => target(quantile(share, 'assistant_first_text_duration_seconds'), `p${share * 100}`)),
      }),
      timeseries({
        title: 'Answer',
        description: 'How long it takes from taking a message up to the stored answer, where there is one.',
        unit: 's',
        targets: [0.5, 0.9, 0.99].map((share) =>
          target(quantile(share, 'assistant_answer_duration_seconds', '{outcome="answered"}'), `p${share * 100}`),
        ),
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Outcomes',
        description: 'What became of the messages that the assistant took up.',
        unit: 'cps',
        stacked: true,
        targets: [target(orNone(sum(rate('assistant_answer_duration_seconds_count'), 'outcome'), 'outcome'), '{{outcome}}')],
      }),
      timeseries({
        title: 'Failures by reason',
        description: 'Why answers failed: what begins with key or endpoint is for the account\'s owner to put right.',
        unit: 'cps',
        targets: [target(sum(rate('assistant_failures_total'), 'reason'), '{{reason}}')],
      }),
      timeseries({
        title: 'Handovers by reason',
        description: 'Why a human was asked instead.',
        unit: 'cps',
        targets: [target(sum(rate('assistant_handovers_total'), 'reason'), '{{reason}}')],
      }),
    ),
    row(
      8,
      timeseries({
        title: 'Dialogs in work by instance',
        description: 'How many dialogs each instance of the Api answers: only one that is full lets messages wait.',
        unit: 'short',
        stacked: true,
        targets: [target(sum('assistant_dialogs_in_work', 'instance'), '{{instance}}')],
      }),
      timeseries({
        title: 'Answer by kind, p90',
        description: 'How long answers take with each kind of assistant.',
        unit: 's',
        targets: [target(quantileBy('kind', 0.9, 'assistant_answer_duration_seconds', '{outcome="answered"}'), '{{kind}}')],
      }),
      heatmap({
        title: 'First word, spread',
        description: 'How many answers began after how long.',
        unit: 's',
        targets: [
          target(orNone(sum('increase(assistant_first_text_duration_seconds_bucket[$__rate_interval])', 'le'), 'le'), '{{le}}'),
        ],
      }),
    ),
  ],
});
