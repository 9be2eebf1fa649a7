/** The one style sheet: system type, two schemes, one column that becomes a table where there is room. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf8, #16181c);
  --card: light-dark(#ffffff, #1e2126);
  --ink: light-dark(#1f2328, #e6e6e3);
  --soft: light-dark(#5f666f, #a0a7b0);
  --line: light-dark(#e3e0da, #33383f);
  --link: light-dark(#0b5cad, #79b8ff);
  --attention: light-dark(#8a5200, #f0b35a);
  --attention-back: light-dark(#fff3dc, #3a2c14);
  --danger: light-dark(#a3201d, #ff8f87);
  --danger-back: light-dark(#fdeceb, #431d1c);
  --good: light-dark(#1a6b36, #7bd393);
  --good-back: light-dark(#e5f4e9, #17331f);
  --active: light-dark(#0b5cad, #79b8ff);
  --active-back: light-dark(#e6f0fb, #152c46);
  --muted-back: light-dark(#eeece8, #2a2e34);
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
header, main { max-width: 62rem; margin: 0 auto; padding: 0 1rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; padding-top: 1.25rem; }
.brand { font-weight: 700; font-size: 1.25rem; color: var(--ink); text-decoration: none; }
.motto, .muted, .count, footer, .crumbs { color: var(--soft); }
.motto { font-size: .9rem; }
a { color: var(--link); text-underline-offset: .15em; }
time { white-space: nowrap; }
.items .title a:not(:hover) { text-decoration: none; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem 1.25rem; margin: 1rem 0; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: .25rem 0 .5rem; }
h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
section > h2:first-child { margin-top: .25rem; }
.count, h1 .number { font-weight: 400; font-size: .9rem; margin-left: .35rem; }
.crumbs { font-size: .9rem; margin: 0; }
.calm { color: var(--soft); margin: .25rem 0; }
.note { color: var(--soft); font-size: .9rem; }
.state { margin: 0 0 .5rem; }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
ul.waits { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
.wait { display: grid; grid-template-columns: 12rem 1fr; gap: .25rem 1rem; padding: .6rem .8rem; border-radius: 8px; background: var(--muted-back); }
.wait.human { background: var(--attention-back); }
.wait .whom { font-weight: 600; }
.wait.human .whom { color: var(--attention); }
.how { font-size: .9rem; color: var(--soft); }
.badge { display: inline-block; padding: .05rem .55rem; border-radius: 999px; font-size: .85rem; background: var(--muted-back); color: var(--soft); }
.badge.attention { background: var(--attention-back); color: var(--attention); }
.badge.pause { background: var(--attention-back); color: var(--attention); }
.badge.danger { background: var(--danger-back); color: var(--danger); }
.badge.good { background: var(--good-back); color: var(--good); }
.badge.active { background: var(--active-back); color: var(--active); }
.banner { border-radius: 8px; padding: .6rem .8rem; margin: .75rem 0; }
.banner.danger { background: var(--danger-back); color: var(--danger); }
.banner.attention { background: var(--attention-back); color: var(--attention); }
.switch { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1rem; border-radius: 8px; padding: .5rem .8rem; margin: .5rem 0; }
.switch.on { background: var(--good-back); color: var(--good); }
.switch.off { background: var(--danger-back); color: var(--danger); }
.switch a { color: inherit; font-weight: 600; }
form { margin: .75rem 0; }
form label { display: block; font-weight: 600; }
input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 6px; padding: .4rem .6rem; min-width: 0; flex: 1 1 14rem; }
input::placeholder { color: var(--soft); opacity: 1; }
button { font: inherit; font-weight: 600; border: 1px solid var(--soft); border-radius: 6px; padding: .4rem .9rem; background: var(--muted-back); color: var(--ink); cursor: pointer; }
button.danger { background: var(--danger-back); color: var(--danger); border-color: var(--danger); }
button:focus-visible, input:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.act, .sign-out { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .6rem; }
.act label { flex-basis: 100%; }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
.agents { list-style: none; margin: 0; padding: 0; }
.agents li { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .6rem; border-top: 1px solid var(--line); padding: .35rem 0; }
.agents .agent { flex: 0 0 7rem; font-weight: 600; }
.agents .act { flex: 1 1 18rem; margin: 0; }
.banner ul { margin: .25rem 0 0; padding-left: 1.25rem; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 600; font-size: .85rem; color: var(--soft); }
th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td .number { color: var(--soft); }
.items td:nth-child(2) { width: 15rem; }
.deliveries { font-size: .9rem; }
.deliveries td:first-child { white-space: nowrap; width: 12rem; }
.figures { font-variant-numeric: tabular-nums; font-size: .9rem; }
.figures .agent { font-weight: 600; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; }
figure { margin: 0; }
figcaption { font-weight: 600; }
.chart { display: flex; align-items: end; gap: .6rem; margin: .4rem 0; font-size: .85rem; color: var(--soft); }
.chart svg { max-width: 60%; flex: none; }
.chart .bar { fill: var(--active); }
.chart .ground { fill: var(--line); }
summary { cursor: pointer; color: var(--link); }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1.25rem 0 0; padding-top: .75rem; border-top: 1px solid var(--line); font-size: .9rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; }
meter { width: 5rem; vertical-align: middle; }
.plain { margin: 0; padding-left: 1.1rem; }
.tree, .tree ul { list-style: none; margin: 0; padding-left: 0; }
.tree ul { padding-left: 1rem; margin-left: .35rem; border-left: 2px solid var(--line); }
.tree li { padding: .15rem 0; }
.timeline { list-style: none; margin: 0; padding: 0; }
.timeline li { border-left: 3px solid var(--line); padding: .1rem 0 .8rem .9rem; }
.timeline li.human { border-left-color: var(--attention); }
.timeline li.agent { border-left-color: var(--active); }
.timeline .meta { font-size: .85rem; color: var(--soft); }
.timeline .actor { color: var(--ink); font-weight: 600; margin: 0 .35rem; }
footer { font-size: .85rem; padding: 0 .25rem 2rem; }
@media (max-width: 40rem) {
  section { padding: .9rem .9rem 1rem; }
  .wait { grid-template-columns: 1fr; }
  thead { display: none; }
  table, tbody, tr, td { display: block; }
  td { border: 0; padding: .1rem 0; }
  tr { border-bottom: 1px solid var(--line); padding: .6rem 0; }
  tr:last-child { border-bottom: 0; }
  .items td:nth-child(n), .deliveries td:first-child { width: auto; }
  .figures tr { display: grid; grid-template-columns: 1fr 1fr; }
  .figures .agent { grid-column: 1 / -1; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); font-size: .85rem; }
}
@media print { .badge, .wait, .banner { border: 1px solid var(--line); } }
`;
