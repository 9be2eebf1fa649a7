import { asRead, type TextEncoding } from './mojibake.ts';
import type { SettableStatus, Status } from './status.ts';

interface MarkerKind {
  readonly emoji: string;
  readonly status: Status;
  readonly shortcode?: string;
}

/** `❌` is a status that says no more than "not done": planned to some, dropped to others, so we do not guess. */
const kinds: readonly MarkerKind[] = [
  { emoji: '✅', status: 'done', shortcode: ':white_check_mark:' },
  { emoji: '✔', status: 'done', shortcode: ':heavy_check_mark:' },
  { emoji: '☑', status: 'done', shortcode: ':ballot_box_with_check:' },
  { emoji: '✓', status: 'done' },
  { emoji: '🟢', status: 'done', shortcode: ':green_circle:' },
  { emoji: '🔄', status: 'in_progress', shortcode: ':arrows_counterclockwise:' },
  { emoji: '🚧', status: 'in_progress', shortcode: ':construction:' },
  { emoji: '🏗', status: 'in_progress', shortcode: ':building_construction:' },
  { emoji: '⏳', status: 'in_progress', shortcode: ':hourglass_flowing_sand:' },
  { emoji: '🔨', status: 'in_progress', shortcode: ':hammer:' },
  { emoji: '🟡', status: 'in_progress', shortcode: ':yellow_circle:' },
  { emoji: '⬜', status: 'planned', shortcode: ':white_large_square:' },
  { emoji: '☐', status: 'planned' },
  { emoji: '🔲', status: 'planned', shortcode: ':black_square_button:' },
  { emoji: '⚪', status: 'planned', shortcode: ':white_circle:' },
  { emoji: '📋', status: 'planned', shortcode: ':clipboard:' },
  { emoji: '📅', status: 'planned', shortcode: ':date:' },
  { emoji: '🔜', status: 'planned', shortcode: ':soon:' },
  { emoji: '🚫', status: 'blocked', shortcode: ':no_entry_sign:' },
  { emoji: '⛔', status: 'blocked', shortcode: ':no_entry:' },
  { emoji: '🛑', status: 'blocked', shortcode: ':stop_sign:' },
  { emoji: '⏸', status: 'blocked', shortcode: ':pause_button:' },
  { emoji: '🔴', status: 'blocked', shortcode: ':red_circle:' },
  { emoji: '❌', status: 'unknown', shortcode: ':x:' },
];

interface Form {
  readonly text: string;
  readonly status: Status;
  readonly encoding: TextEncoding;
  readonly shortcode: boolean;
}

const encodings: readonly TextEncoding[] = ['utf-8', 'windows-1252', 'windows-1254'];

const forms: readonly Form[] = kinds
  .flatMap(({ emoji, status, shortcode }): Form[] => [
    ...encodings.map((encoding) => ({
      text: asRead(emoji, encoding),
      status,
      encoding,
      shortcode: false,
    })),
    ...(shortcode === undefined
      ? []
      : [{ text: shortcode, status, encoding: 'utf-8' as const, shortcode: true }]),
  ])
  .sort((a, b) => b.text.length - a.text.length);

/** "Show me as a picture", which may follow an emoji; misread, its last byte is often lost. */
const variationSelectors = ['\uFE0F', 'ï¸\u008F', 'ï¸'];

export interface FoundMarker {
  readonly text: string;
  readonly status: Status;
  readonly style: MarkerStyle;
}

/** How a document writes its markers, so that one it never used can be written its way. */
export type MarkerStyle = 'shortcode' | TextEncoding;

/** The status marker that begins exactly at `offset`: an emoji, its shortcode, or its misread form. */
export function markerAt(text: string, offset: number): FoundMarker | null {
  const form = forms.find((candidate) => text.startsWith(candidate.text, offset));
  if (form === undefined) return null;
  const after = offset + form.text.length;
  const selector = variationSelectors.find((candidate) => text.startsWith(candidate, after)) ?? '';
  return {
    text: form.text + selector,
    status: form.status,
    style: form.shortcode ? 'shortcode' : form.encoding,
  };
}

/** Most misread characters look alike in both code pages; a `ğŸ` anywhere in the document tells the Turkish one. */
export function styleIn(document: string, style: MarkerStyle): MarkerStyle {
  return style === 'windows-1252' && document.includes('ğŸ') ? 'windows-1254' : style;
}

/** The marker we write where a document has none of its own for a status. */
export function defaultMarker(status: SettableStatus, style: MarkerStyle): string {
  const kind = kinds.find((candidate) => candidate.status === status);
  if (kind === undefined) return '';
  return style === 'shortcode' ? (kind.shortcode ?? kind.emoji) : asRead(kind.emoji, style);
}
