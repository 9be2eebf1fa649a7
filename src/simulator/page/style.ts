/** One sheet for every page; wide and narrow, light and dark. */
export const style = `
:root { color-scheme: light dark; --ink: light-dark(#1f2328, #e6edf3); --quiet: light-dark(#59636e, #9198a1); --paper: light-dark(#ffffff, #0d1117);
  --tint: light-dark(#f6f8fa, #151b23); --line: light-dark(#d1d9e0, #3d444d); --link: light-dark(#0969da, #4493f8);
  --good: light-dark(#1a7f37, #3fb950); --bad: light-dark(#d1242f, #f85149); --wait: light-dark(#9a6700, #d29922); --done: light-dark(#8250df, #ab7df8); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { background: var(--tint); border-bottom: 1px solid var(--line); padding: .6rem 1rem; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
.bar { display: flex; justify-content: space-between; gap: 1rem; max-width: 60rem; margin: 0 auto .4rem; }
.bar nav { display: flex; gap: 1rem; }
.brand { font-weight: 600; color: inherit; }
.people { display: flex; flex-wrap: wrap; gap: .35rem; align-items: center; max-width: 60rem; margin: 0 auto; }
.people button { border-radius: 1rem; padding: .15rem .7rem; font-weight: 400; }
.people button[aria-pressed=true] { background: var(--link); border-color: var(--link); color: var(--paper); }
h1 { font-size: 1.45rem; line-height: 1.3; margin: .2rem 0 .4rem; overflow-wrap: anywhere; } h1 .quiet { font-weight: 400; }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; }
p { margin: .4rem 0; }
.quiet { color: var(--quiet); } .small { font-size: .87rem; }
.note { border: 1px solid; border-radius: .4rem; padding: .5rem .8rem; overflow-wrap: anywhere; } .note.good { color: var(--good); } .note.bad { color: var(--bad); }
.list { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: .4rem; }
.list > li { padding: .55rem .8rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; } .list > li:first-child { border-top: 0; }
.list a.title { font-weight: 600; color: inherit; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .55rem; font-size: .8rem; white-space: nowrap; max-width: 100%; overflow: hidden; text-overflow: ellipsis; vertical-align: middle; }
.tag.good { color: var(--good); border-color: currentColor; } .tag.bad { color: var(--bad); border-color: currentColor; }
.tag.wait { color: var(--wait); border-color: currentColor; } .tag.done { color: var(--done); border-color: currentColor; }
.labels { display: flex; flex-wrap: wrap; gap: .35rem; align-items: center; }
.labels form { display: inline-flex; gap: .35rem; } .labels button { border-radius: 1rem; padding: 0 .55rem; font-size: .8rem; font-weight: 400; }
.line { display: flex; justify-content: space-between; align-items: center; gap: .8rem; } .line > div { min-width: 0; } .line > button { flex: none; white-space: nowrap; }
time { white-space: nowrap; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0 0; }
.card { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; padding: .6rem .8rem; }
.card > :first-child { margin-top: 0; }
button, input, select, textarea { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: .35rem .7rem; max-width: 100%; }
button { background: var(--tint); font-weight: 500; cursor: pointer; } button:hover { border-color: var(--quiet); }
button.main { background: var(--good); border-color: var(--good); color: var(--paper); } button.warn { color: var(--bad); }
textarea { width: 100%; min-height: 4.5rem; display: block; } textarea.code { min-height: 16rem; font: 13px/1.45 ui-monospace, monospace; white-space: pre; overflow-x: auto; }
input.wide { width: 100%; } .row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .45rem 0; } .row > input { flex: 1 1 12rem; min-width: 0; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; } summary { padding: .45rem .8rem; cursor: pointer; overflow-wrap: anywhere; }
details > .inside { border-top: 1px solid var(--line); padding: .6rem .8rem; }
pre { margin: 0; font: 12.5px/1.5 ui-monospace, monospace; overflow-x: auto; } pre.diff { border-top: 1px solid var(--line); }
pre span { display: block; padding: 0 .8rem; min-width: max-content; }
pre .add { background: light-dark(#dafbe1, #12261e); } pre .del { background: light-dark(#ffebe9, #25171c); } pre .at { color: var(--quiet); background: var(--tint); }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
@media (max-width: 30rem) { main { padding: .7rem; } header { padding: .5rem .7rem; } }
`;
