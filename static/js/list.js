/* The list of distributions, where scripts run: boxes to tick rows with, the
   panel beside the list, and focus and scrolling that survive a change of
   filter. Everything that is needed works without this file.

   [data-panel]        link: its page opens in #side instead
   [data-peek]         in #side: the id of the distribution that is shown
   [data-peek-step]    button in #side: "prev", "next" or "close"
   [data-peek-title]   in #side: gets the focus when the panel opens */

const results = () => document.getElementById("results");
const side = () => document.getElementById("side");
const rows = () => [...document.querySelectorAll(".list tbody tr")];
const linkOf = (row) => row?.querySelector(".c-ref a");
const words = () => document.getElementById("ticked")?.dataset ?? {};

// ---- ticked rows --------------------------------------------------------------

htmx.config.morphSkip += ", .list tr > :first-child";
const ticked = new Set(); // ids of rows, so that a row drawn anew keeps its tick

function boxIn(cell, label) {
  let box = cell.querySelector("input");
  if (!box) {
    box = document.createElement("input");
    box.type = "checkbox";
    box.className = "tick";
    cell.replaceChildren(box);
  }
  box.setAttribute("aria-label", label);
  return box;
}

function drawBoxes() {
  const all = rows();
  const form = document.getElementById("ticked");
  if (!form) return;
  for (const row of all) {
    const box = boxIn(row.cells[0], `${words().pick} ${linkOf(row).textContent}`);
    box.setAttribute("form", "ticked");
    box.dataset.amount = row.querySelector(".c-sum").textContent.replace(/\D/g, ""); // always with two decimals
    box.checked = ticked.has(row.id);
  }
  const here = all.filter((row) => ticked.has(row.id));
  const head = boxIn(document.querySelector(".list thead th"), words().pickAll);
  head.checked = here.length > 0 && here.length === all.length;
  head.indeterminate = here.length > 0 && !head.checked;
  form.hidden = here.length === 0;
  document.getElementById("copy-ticked").dataset.copy = here.map((row) => linkOf(row).textContent).join("\n");
  form.dispatchEvent(new Event("tally", { bubbles: true }));
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches(".list .tick")) return;
  const row = target.closest("tbody tr");
  for (const one of row ? [row] : rows()) ticked[target.checked ? "add" : "delete"](one.id);
  drawBoxes();
});

// Boxes named id would hide the id of their form.
document.addEventListener("formdata", ({ target, formData }) => {
  if (target.id === "ticked") for (const id of ticked) formData.append("id", id.slice("row-".length));
});

document.addEventListener("reset", (event) => {
  if (event.target.id !== "ticked") return;
  event.preventDefault();
  ticked.clear();
  drawBoxes();
});

// ---- the panel beside the list ------------------------------------------------

let opener; // what had the focus when the panel opened
let wanted; // the button that was pressed in it: it gets the focus again

const opened = () => side()?.querySelector("[data-peek]")?.dataset.peek;
// Where the panel would lie under the list, the page itself is better.
const roomBeside = () => results()?.clientWidth > 992;

function mark() {
  for (const row of rows()) {
    const on = row.id === `row-${opened()}`;
    row.classList.toggle("is-on", on);
    if (on) linkOf(row).setAttribute("aria-current", "true");
    else linkOf(row).removeAttribute("aria-current");
  }
}

function open(address, from, focused) {
  opener = from;
  wanted = focused;
  side().hidden = false;
  htmx.ajax("GET", address, { target: "#side", swap: "innerHTML", source: side() });
}

function shown() {
  mark();
  edges();
  const again = wanted && side().querySelector(`[data-peek-step="${wanted}"]:enabled`);
  (again ?? side().querySelector("[data-peek-title]"))?.focus({ preventScroll: true });
}

function close() {
  const row = document.getElementById(`row-${opened()}`);
  side().replaceChildren();
  side().hidden = true;
  mark();
  (linkOf(row) ?? opener)?.focus();
}

function edges() {
  const at = rows().findIndex((row) => row.classList.contains("is-on"));
  const disable = (step, no) => { const button = side().querySelector(`[data-peek-step="${step}"]`); if (button) button.disabled = no; };
  if (!opened()) return;
  disable("prev", at <= 0);
  disable("next", at < 0 || at === rows().length - 1);
}

function step(by, focused) {
  const all = rows();
  const row = all[all.findIndex((one) => one.classList.contains("is-on")) + by];
  if (!row) return;
  row.scrollIntoView({ block: "nearest" });
  open(`${linkOf(row).pathname}/peek`, linkOf(row), focused);
}

document.addEventListener("click", (event) => {
  const { target } = event;
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const move = target.closest("[data-peek-step]")?.dataset.peekStep;
  const panel = target.closest("a[data-panel]");
  const link = target.closest(".list .c-ref a") ?? (target.closest("a, button, input, label, summary") ? null : linkOf(target.closest(".list tbody tr")));
  if (move === "close") close();
  else if (move) step(move === "next" ? 1 : -1, move);
  else if (panel && roomBeside()) {
    event.preventDefault();
    open(panel.href, panel);
  } else if (link && roomBeside() && !String(getSelection())) {
    event.preventDefault();
    open(`${link.pathname}/peek`, link);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.key !== "Escape" || side()?.hidden !== false) return;
  if (!event.target.closest("details[open], dialog")) close();
});

// ---- a part of the page was drawn anew -------------------------------------------

// A time is told in full in both zones, and what is cut off in full.
function bothClocks(seconds) {
  const [day, utc] = new Date(seconds * 1000).toISOString().slice(0, 19).split("T");
  const [date, clock] = new Date((seconds + 5 * 3600) * 1000).toISOString().slice(0, 19).split("T");
  return `${date.split("-").reverse().join(".")} ${clock} · ${day === date ? "" : `${day} `}${utc} UTC`;
}

document.addEventListener("mouseover", ({ target }) => {
  const cell = target.closest?.(".list tbody :is(td, th)");
  if (cell?.dataset.at) cell.title = bothClocks(parseInt(cell.dataset.at, 36));
  const text = cell?.querySelector(".clip") ?? cell;
  if (text && !cell.hasAttribute("title") && text.scrollWidth > text.clientWidth) cell.title = text.textContent.trim();
});

const focusedAt = new Map(); // address → what had the focus when it was left
let before; // what had the focus when the results were asked for

// The nearest thing with a name: what has the focus may be gone afterwards.
function nameOf(element) {
  const named = element?.closest?.("details") ?? element?.closest?.("[id]");
  return named !== results() && results()?.contains(named) ? named.id : undefined;
}

function refocus(name) {
  if (document.activeElement && document.activeElement !== document.body) return;
  const named = document.getElementById(name) ?? results()?.querySelector(".filters");
  const target = named?.matches("a, button, input") ? named
    : named?.querySelector(":scope > [aria-current]") ?? named?.querySelector("summary, a");
  target?.focus({ preventScroll: true });
}

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.target !== results()) return;
  if (ctx.request.headers["HX-History-Restore-Request"]) {
    before = focusedAt.get(location.href);
    return;
  }
  before = nameOf(document.activeElement) ?? nameOf(ctx.sourceElement);
  focusedAt.set(location.href, before);
  for (const menu of results().querySelectorAll("details[open]")) menu.open = false;
});

document.addEventListener("htmx:after:settle", ({ detail }) => {
  if (detail.task?.target === side()) return shown();
  const changed = detail.newContent?.some((one) => one.id === "results");
  if (changed) {
    const here = new Set(rows().map((row) => row.id));
    for (const id of ticked) if (!here.has(id)) ticked.delete(id);
    if (!results().querySelector("[data-autofocus]")) refocus(before);
  }
  drawBoxes();
  mark();
});

window.addEventListener("pageshow", () => { drawBoxes(); mark(); });
drawBoxes();
