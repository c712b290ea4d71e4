// Keeps an open page up to date and lets buttons work without leaving it. Without this script the page is the same, and
// stands still. What is open stays open, what has the focus keeps it, what was typed stays.
(() => {
  const morph = (old, fresh) => {
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
    }
    morphChildren(old, fresh);
  };

  const morphChildren = (old, fresh) => {
    const known = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
    let next = old.firstChild;
    for (const child of [...fresh.childNodes]) {
      const fits = next && !next.id && next.nodeName === child.nodeName;
      const match = child.id ? known.get(child.id) : fits ? next : undefined;
      if (!match) {
        old.insertBefore(child, next);
        continue;
      }
      if (match === next) next = next.nextSibling;
      else old.insertBefore(match, next);
      morph(match, child);
    }
    while (next) {
      const gone = next;
      next = next.nextSibling;
      gone.remove();
    }
  };

  const show = async (response) => {
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (!page.getElementById('content')) return;
    document.title = page.title;
    document.body.dataset.version = page.body.dataset.version ?? '';
    for (const part of ['header', 'main']) morph(document.querySelector(part), page.querySelector(part));
  };

  let busy = false;
  const look = async () => {
    if (!busy && !document.hidden) {
      try {
        const version = await (await fetch('/_console/version')).text();
        if (!busy && version !== document.body.dataset.version) {
          const response = await fetch(location.href);
          if (!busy) await show(response);
        }
      } catch {
        // Stopped: what was shown last stays.
      }
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (form.getAttribute('method') !== 'post' || 'plain' in form.dataset || busy) return;
    event.preventDefault();
    busy = true;
    try {
      const body = new URLSearchParams(new FormData(form, event.submitter));
      const response = await fetch(form.getAttribute('action'), { method: 'POST', body });
      history.replaceState(null, '', response.url);
      await show(response);
      // What was typed is in the page again, unless the server has no more use for it.
      form.reset();
      document.querySelector('.reply .notice')?.parentElement.scrollIntoView({ block: 'nearest' });
    } finally {
      busy = false;
    }
  });
})();
