/* Keys for those who do not want to reach for the mouse. Every page works without
   this file. None of them sends, approves or declines; none of them does anything
   while somebody types. /help/keyboard is the list for people.

     data-hotkey="/"          field: this key, and Ctrl-K, move the cursor into it
     data-go="b"              link: g and this key follow it
     body data-new            address that n leads to; missing for who may not create
     body data-keys           address of the list of keys, which ? shows
     body data-hotkeys="off"  for people who switched single keys off; Ctrl-K stays

   j and k move over the rows of a table or a queue, x ticks the row. */

{
  const { body } = document;
  const TOGETHER_MS = 1500; // between the two keys of a pair
  const ROWS = "main tbody tr, main .queue-item";
  let pairUntil = 0;
  let last = null; // the row that was moved to last

  const linkOf = (row) => row.querySelector("th a, a");
  const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => linkOf(row) && row.getClientRects().length > 0);

  document.addEventListener("keydown", (event) => {
    const key = keyOf(event);
    if (key === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      if (search()) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || body.dataset.hotkeys === "off" || typing(event.target)) return;
    if (pairUntil > event.timeStamp ? go(key) : act(key, event)) event.preventDefault();
    pairUntil = key === "g" && pairUntil <= event.timeStamp ? event.timeStamp + TOGETHER_MS : 0;
  });

  // keyOf is the key by its Latin name: a Russian or Kazakh keyboard types others.
  function keyOf(event) {
    if (event.code === "Slash" && !/[a-z]/i.test(event.key)) return event.shiftKey ? "?" : "/";
    if (/^[a-z]$/i.test(event.key) || !event.code.startsWith("Key")) return event.key.toLowerCase();
    return event.code.slice(3).toLowerCase();
  }

  // A box that is ticked is no field to type in.
  function typing(target) {
    return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]") !== null;
  }

  function act(key, event) {
    switch (key) {
      case "/": return search();
      case "?": return showKeys();
      case "j": return move(1);
      case "k": return move(-1);
      case "x": return !event.repeat && tick();
      case "n": return follow(body.dataset.new);
      default: return false;
    }
  }

  function search() {
    const field = document.querySelector("[data-hotkey='/']");
    field?.focus();
    field?.select?.();
    return field !== null;
  }

  function go(key) {
    return follow(/^[a-z]$/.test(key) && document.querySelector(`[data-go="${key}"]`)?.href);
  }

  function follow(address) {
    if (!address) return false;
    location.assign(address);
    return true;
  }

  function current(all) {
    const focused = document.activeElement?.closest(ROWS);
    return all.indexOf(all.includes(focused) ? focused : last);
  }

  function move(step) {
    const all = rows();
    if (all.length === 0) return false;
    last = all[Math.min(Math.max(current(all) + step, 0), all.length - 1)];
    linkOf(last).focus();
    return true;
  }

  function tick() {
    const all = rows();
    const box = all[current(all)]?.querySelector("input[type=checkbox]:not(:disabled)");
    box?.click();
    return Boolean(box);
  }

  function showKeys() {
    if (!body.dataset.keys) return false;
    fetch(body.dataset.keys, { headers: { "HX-Request": "true", "HX-Request-Type": "partial" } })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer)))
      .then(openKeys)
      .catch(() => location.assign(body.dataset.keys));
    return true;
  }

  function openKeys(html) {
    if (document.querySelector("dialog[open]")) return;
    const opener = document.activeElement;
    const dialog = document.createRange().createContextualFragment(html).querySelector("dialog");
    body.append(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      opener?.focus?.();
    });
    dialog.showModal();
  }
}
