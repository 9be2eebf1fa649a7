import { html } from 'hono/html';
import type { Fragment } from './parts.ts';

export interface Bar {
  readonly name: string;
  /** null: there is nothing to show, which is not nought. */
  readonly value: number | null;
  readonly says: string;
}

const WIDTH = 10;
const GAP = 3;
const HEIGHT = 36;

/** Bars side by side, from nought to `most`, with each value in words for whoever points at it or cannot see it. */
export function barChart(title: string, bars: readonly Bar[], most: number): Fragment {
  const width = bars.length * (WIDTH + GAP) - GAP;
  const told = bars.map(({ name, says }) => `${name}: ${says}`).join(', ');
  return html`<div class="chart">
    <svg
      role="img"
      aria-label="${title}. ${told}"
      width="${width}"
      height="${HEIGHT + 1}"
      viewBox="0 0 ${width} ${HEIGHT + 1}"
    >
      ${bars.map((bar, at) => drawn(bar, at * (WIDTH + GAP), most))}
    </svg>
    <span>${title}${bars.length === 0 ? '' : html`, now <b>${bars.at(-1)?.says}</b>`}</span>
  </div>`;
}

function drawn({ name, value, says }: Bar, x: number, most: number): Fragment {
  const height = value === null ? 0 : Math.max(1, Math.round((HEIGHT * value) / most));
  return html`<g>
    <title>${name}: ${says}</title>
    <rect class="ground" x="${x}" y="${HEIGHT}" width="${WIDTH}" height="1" />
    <rect class="bar" x="${x}" y="${HEIGHT - height}" width="${WIDTH}" height="${height}" />
  </g>`;
}
