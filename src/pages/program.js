// What a page brings along besides its program: it starts the program, and writes times in the reader's own time zone.
// Without it a page is the same, stands still, and has its times in UTC. `Program` calls it with the program's two addresses.
((js, wasm) => {
  // Asked for here and not by a link: without scripts nothing is fetched for nothing, and WebKit does not fetch it twice.
  const parts = Promise.all([import(js), fetch(wasm)]);
  const parsed = new Promise((resolve) => {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', resolve, { once: true });
    else resolve();
  });

  // As Leptos' own script does it: the islands from outside to inside, each told of by the children that it is in.
  const makeLive = async (node, program, around) => {
    const isChildren = node.localName === 'leptos-children';
    if (node.localName === 'leptos-island') {
      around.at(-1)?.();
      await program[node.dataset.component](node);
    }
    if (isChildren) around.push(node.$$on_hydrate);
    for (const child of node.children) await makeLive(child, program, around);
    if (isChildren) around.pop();
  };

  const start = async () => {
    await parsed;
    const [program, code] = await parts;
    await program.default({ module_or_path: code });
    program.hydrate();
    await makeLive(document.body, program, []);
  };
  // Whoever leaves in the middle of a load breaks it off: only a page that is still there has something to tell.
  start().catch((error) => setTimeout(() => console.error(error), 1000));

  const day = { day: 'numeric', month: 'short' };
  const clock = { hour: '2-digit', minute: '2-digit' };
  const formats = { full: { ...day, ...clock, year: 'numeric' }, short: { ...day, ...clock }, clock };
  for (const name in formats) formats[name] = new Intl.DateTimeFormat('en-GB', formats[name]);
  const written = new WeakMap();
  const writeTimes = () => {
    for (const time of document.querySelectorAll('time[data-local]')) {
      const { firstChild: text, dateTime } = time;
      const last = written.get(time);
      if (!text || (last?.dateTime === dateTime && last.local === text.data)) continue;
      const at = new Date(dateTime);
      if (isNaN(at)) continue;
      const local = formats[time.dataset.local].format(at);
      written.set(time, { dateTime, local });
      // What the server or the program wrote is UTC.
      time.title = text.data;
      text.data = local;
    }
  };
  const changes = { childList: true, characterData: true, attributeFilter: ['datetime'], subtree: true };
  new MutationObserver(writeTimes).observe(document, changes);
})
