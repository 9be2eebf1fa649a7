/** Beside the dashboard's sheet, whose colours and parts it shares. */
export const style = `
.facts-line { display: flex; flex-wrap: wrap; gap: .35rem .5rem; margin: .5rem 0 0; padding: 0; list-style: none; }
.chip { border: 1px solid var(--line); border-radius: 999px; padding: .05rem .65rem; font-size: .85rem; color: var(--soft); }
.lead { margin: .25rem 0; }

.reading { margin: .6rem 0 0; font-size: .95rem; }
.reading .good { color: var(--good); } .reading .attention { color: var(--attention); }
nav.ways { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin-top: .6rem; font-size: .95rem; }
.banner.good { background: var(--good-back); color: var(--good); }
.banner p { margin: .2rem 0; }
.banner code { display: block; margin: .35rem 0; padding: .4rem .6rem; border-radius: 6px; background: var(--card); color: var(--ink); white-space: pre-wrap; }
.notice { border-radius: 8px; padding: .5rem .8rem; margin: 1rem 0 0; background: var(--good-back); color: var(--good); }
.notice.refused { background: var(--danger-back); color: var(--danger); }
.cards { display: grid; gap: .75rem; }
.card { border-radius: 10px; padding: .8rem 1rem; background: var(--muted-back); }
.card.human { background: var(--attention-back); }
.card h3 { margin: 0; font-size: 1rem; line-height: 1.35; }
.card .ask { color: var(--soft); margin: .15rem 0 .4rem; }
.card.human .ask b { color: var(--attention); }
.card ul { margin: .3rem 0; padding-left: 1.1rem; font-size: .9rem; }
.card .plan { margin: .3rem 0; white-space: pre-line; }
.card:not(.human) h3 { font-weight: 500; }
.card .links { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin-top: .5rem; font-size: .9rem; }
form.act { display: grid; gap: .5rem; margin-top: .6rem; }
form.act .who { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
form.act label { font-size: .9rem; color: var(--soft); }
form.act select, form.act input { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .3rem .5rem; }
form.act input { flex: 1 1 14rem; min-width: 0; }
form.act .buttons { display: flex; flex-wrap: wrap; gap: .5rem; }
button { font: inherit; font-weight: 600; border-radius: 6px; border: 1px solid var(--line); padding: .35rem .9rem; background: var(--card); color: var(--ink); cursor: pointer; }
button.good { background: light-dark(#1a6b36, #2c8a4b); border-color: transparent; color: #fff; }
button.danger { color: var(--danger); }
button:hover { filter: brightness(1.08); }
button:focus-visible, select:focus-visible, input:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.rows { list-style: none; margin: 0; padding: 0; }
.rows > li { padding: .7rem 0; border-bottom: 1px solid var(--line); display: grid; gap: .35rem; }
.rows > li:last-child { border-bottom: 0; }
.rows .head { display: flex; flex-wrap: wrap; gap: .2rem .75rem; align-items: baseline; justify-content: space-between; }
.rows .title { font-weight: 600; }
.rows .title .number { color: var(--soft); font-weight: 400; }
.rows .foot { display: flex; flex-wrap: wrap; gap: .1rem 1rem; font-size: .9rem; color: var(--soft); }
.steps { list-style: none; display: flex; gap: 3px; margin: 0; padding: 0; font-size: .78rem; }
.steps li { flex: 1 1 auto; min-width: max-content; padding-top: .3rem; border-top: 4px solid var(--line); color: var(--soft); overflow-wrap: normal; }
.steps .done { border-top-color: light-dark(#2e8b4f, #4fae6d); }
.steps .now { border-top-color: var(--active); color: var(--active); font-weight: 600; }
.steps .waits { border-top-color: light-dark(#c98410, #e3a13c); color: var(--attention); font-weight: 600; }
.steps .ended { border-top-color: var(--danger); color: var(--danger); }
.slots { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .6rem; margin: 0; padding: 0; }
.slots li { border: 2px dashed var(--line); border-radius: 8px; padding: .5rem .7rem; min-height: 4.6rem; font-size: .9rem; color: var(--soft); }
.slots .filled { border: 2px solid light-dark(#2e8b4f, #4fae6d); color: var(--ink); background: var(--good-back); }
.diff { margin: .5rem 0 0; font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; }
.diff div { padding: 0 .7rem; white-space: pre-wrap; min-height: 1.3em; }
.diff .add { background: var(--good-back); color: var(--good); }
.diff .del { background: var(--danger-back); color: var(--danger); }
.diff .hunk { color: var(--soft); }
.story { list-style: none; margin: 0; padding: 0; font-size: .92rem; }
.story li { display: grid; grid-template-columns: 4.6rem 4.6rem 1fr; gap: 0 .75rem; padding: .2rem 0 .2rem .7rem; border-left: 3px solid var(--line); }
.story li.human { border-left-color: var(--attention); }
.story li.agent { border-left-color: var(--active); }
.story time { color: var(--soft); font-variant-numeric: tabular-nums; }
.story b { font-weight: 600; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .75rem; margin: 0; }
.counts dt { color: var(--soft); font-size: .85rem; }
.counts dd { margin: 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
@media (max-width: 40rem) {
  .story li { grid-template-columns: 4.6rem 1fr; }
  .story li > :nth-child(3) { grid-column: 1 / -1; }
  form.act select { flex: 1 1 8rem; }
  form.act .buttons button { flex: 1 1 9rem; padding: .5rem .6rem; }
  .steps { font-size: .72rem; letter-spacing: -.01em; }
  .slots { grid-template-columns: 1fr; }
  .slots li { min-height: 0; }
}
@media (prefers-reduced-motion: no-preference) { .steps .now { animation: breathe 1.6s ease-in-out infinite; } @keyframes breathe { 50% { opacity: .55; } } }
`;
