/**
 * The page's one script: asks each second for what it shows and replaces the parts that differ, by their ids. So scrolling,
 * a field half filled and an open list survive; a part that holds the focus waits until it is left.
 */
export const refreshScript = `'use strict';
(() => {
  const root = document.getElementById('live');
  const offline = document.getElementById('offline');
  if (!root || !offline) return;
  const seen = new Map();
  const keep = (element) => seen.set(element.id, element.outerHTML);
  root.querySelectorAll('[data-list] > *').forEach(keep);

  const update = (parent, fresh) => {
    const wanted = [...fresh.children];
    const ids = new Set(wanted.map(({ id }) => id));
    for (const child of [...parent.children]) {
      if (!ids.has(child.id) && !child.contains(document.activeElement)) child.remove();
    }
    wanted.forEach((part, index) => {
      const html = part.outerHTML;
      const old = document.getElementById(part.id);
      let shown = old ?? part;
      if (old && seen.get(part.id) !== html && !held(old)) {
        old.replaceWith(part);
        shown = part;
      }
      if (shown === part) seen.set(part.id, html);
      // Moving an element takes the focus off it.
      if (parent.children[index] !== shown && !held(shown)) {
        parent.insertBefore(shown, parent.children[index] ?? null);
      }
    });
  };
  const held = (element) => {
    const active = document.activeElement;
    return element.contains(active) && active.matches('input, select, button');
  };

  const look = async () => {
    try {
      const answer = await fetch(root.dataset.from, { cache: 'no-store' });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const list of page.querySelectorAll('[data-list]')) {
        const here = document.getElementById(list.id);
        if (here) update(here, list);
      }
      offline.hidden = true;
    } catch {
      offline.hidden = false;
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
})();
`;
