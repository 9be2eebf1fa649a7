import { areas, type Finding, type FindingState } from '../../../../domain/doctor/finding.ts';
import { wrapped } from '../../wrapped.ts';
import { plainText } from '../../../../domain/ledger/plain-text.ts';

const marks: Readonly<Record<FindingState, string>> = {
  fine: 'ok',
  advice: '·',
  fault: '✗',
  unknown: '?',
};

/** A terminal of eighty columns, less one that some of them break at. */
const width = 79;

/** For people: by area, what is wrong with its remedy beneath, and how many of each at the end. */
export function report(findings: readonly Finding[]): {
  readonly lines: readonly string[];
  readonly counts: Readonly<Record<FindingState, number>>;
} {
  const counts = { fine: 0, advice: 0, fault: 0, unknown: 0 };
  for (const { state } of findings) counts[state] += 1;
  const lines = areas.flatMap((area) => {
    const here = findings.filter((one) => one.area === area);
    return here.length === 0 ? [] : [area, ...here.flatMap(shown), ''];
  });
  return { lines: [...lines, summary(counts)], counts };
}

function shown({ area, about, state, message, remedy }: Finding): readonly string[] {
  // What an area is named after needs no second name.
  const subject = about === area || message.startsWith(about) ? '' : `${about}: `;
  const mark = marks[state].padStart(4);
  return [
    ...wrapped(`${subject}${plainText(message, 1000)}`, width, `${mark} `, '     '),
    ...(remedy === null ? [] : wrapped(plainText(remedy, 1000), width, '     → ', '       ')),
  ];
}

function summary({ advice, fault, unknown }: Readonly<Record<FindingState, number>>): string {
  const some = [
    fault > 0 && `${fault} ${fault === 1 ? 'fault' : 'faults'} (✗)`,
    unknown > 0 && `${unknown} not to be told (?)`,
    advice > 0 && `${advice} to think about (·)`,
  ].filter((one) => one !== false);
  return some.length === 0 ? 'All is well.' : `${some.join(', ')}.`;
}
