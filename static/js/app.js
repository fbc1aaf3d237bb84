/* What the pages do beyond HTML. Every page works without this file.

   Attributes it obeys:
     data-copy="text"         button: copies the text and says so
     data-reveals="id"        button: shows and hides the password field with this id
     data-caps="id"           password field: shows the element with this id while Caps Lock is on
     data-dialog="id"         link or button: opens the <dialog> with this id instead of following the link
     data-autofocus           element (with tabindex="-1" unless focusable): gets the focus when it appears
     data-guard               form: leaving the page with unsaved input asks first; "dirty" from the start;
                              the event "form:kept" says that the server has the input
     data-look                element: its htmx request changes nothing, and does not leave the page for the sign-in
     data-no-busy             form: its button stays enabled after submit (the answer is a file)
     dialog[data-layer]       the sign-in form over a page whose session has ended; the server draws it
     details.menu             closes on Escape, on a click elsewhere and when the focus leaves it

   <body> carries the texts and addresses, in the language of the page:
     data-text-copied, data-text-copy-failed
     data-text-stale          a part of the page could not be updated
     data-text-offline, data-text-online   the server cannot be reached; it can be again
     data-text-unknown        it is not known whether an action arrived
     data-text-reload, data-text-close   the two buttons of these notices
     data-login               where to go when the session is over
     data-icons               address of icons.svg */

const { body } = document;

// Longer than any answer of the server: a page that is still here after this
// did not go anywhere, because the load was stopped or the answer was a file.
const STUCK_AFTER_MS = 20_000;

// ---- notices ----------------------------------------------------------------

const liveRegion = element("p", { class: "sr", role: "status" });
const alerts = element("div", { class: "toasts", role: "alert" });
body.append(liveRegion, alerts);

function element(name, attributes, ...children) {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, value);
  created.append(...children);
  return created;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

function button(text, onClick) {
  const created = element("button", { type: "button", class: "btn is-small" }, text);
  created.addEventListener("click", onClick);
  return created;
}

function announce(text) {
  // Emptied first: the same text twice is otherwise read once.
  liveRegion.textContent = "";
  requestAnimationFrame(() => { liveRegion.textContent = text; });
}

// At most one notice of a kind ("stale", "offline", "unknown") is on screen.
function warn(kind) {
  if (alerts.querySelector(`[data-kind="${kind}"]`)) return;
  const toast = element("div", { class: `toast ${kind === "unknown" ? "is-amber" : "is-red"}`, "data-kind": kind }, icon(kind === "offline" ? "off" : "warn"));
  const actions = element("div", { class: "row" },
    button(body.dataset.textReload, () => location.reload()),
    button(body.dataset.textClose, () => toast.remove()));
  toast.append(element("div", { class: "stack" },
    element("p", {}, body.dataset[`text${kind[0].toUpperCase()}${kind.slice(1)}`]), actions));
  alerts.append(toast);
}

// ---- buttons ----------------------------------------------------------------

async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.dataset.copy);
  } catch {
    announce(body.dataset.textCopyFailed);
    return;
  }
  announce(body.dataset.textCopied);
  const use = source.querySelector("use");
  const before = use?.getAttribute("href");
  if (source.classList.contains("is-done")) return;
  source.classList.add("is-done");
  use?.setAttribute("href", `${body.dataset.icons}#check`);
  setTimeout(() => {
    source.classList.remove("is-done");
    use?.setAttribute("href", before);
  }, 1500);
}

function reveal(source) {
  const field = document.getElementById(source.dataset.reveals);
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  source.setAttribute("aria-pressed", String(!shown));
}

document.addEventListener("click", (event) => {
  const source = event.target.closest("[data-copy], [data-reveals], [data-dialog]");
  closeMenus((menu) => !menu.contains(event.target));
  if (source?.dataset.copy !== undefined) copy(source);
  if (source?.dataset.reveals) reveal(source);
  if (source?.dataset.dialog && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    document.getElementById(source.dataset.dialog).showModal();
    event.preventDefault();
  }
});

// ---- keys and focus ---------------------------------------------------------

function closeMenus(which) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (which(menu)) menu.open = false;
  }
}

document.addEventListener("focusin", (event) => closeMenus((menu) => !menu.contains(event.target)));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = event.target.closest("details.menu[open]");
    menu?.querySelector("summary").focus();
    closeMenus(() => true);
  }
});

function watchCapsLock(event) {
  const hint = event.target.dataset?.caps && document.getElementById(event.target.dataset.caps);
  // Filling in by a password manager sends key events without modifiers.
  if (hint && event.getModifierState) hint.hidden = !event.getModifierState("CapsLock");
}

document.addEventListener("keyup", watchCapsLock);
document.addEventListener("keydown", watchCapsLock);

function focusFirst(root) {
  const wanted = root.matches?.("[data-autofocus]") ? root : root.querySelector("[data-autofocus]");
  wanted?.focus();
}

focusFirst(document);

// ---- signing in over a page --------------------------------------------------

// A form that somebody typed into is sent only while the session lives; if it
// has ended, the sign-in form comes over the page and the form stays as it is.
// When nothing can be asked, the form goes: the server carries it over. Typing
// asks too, because a form that a script sends is empty when one goes back to it.
const ALIVE_MS = 60_000; // how long an answer counts
let aliveAt = Date.now();
let asking = false;
const partOfPage = { "HX-Request": "true", "HX-Request-Type": "partial" };
const typedInto = (form) => [...form.elements].some((field) => field.matches("textarea, select, input:not([type=hidden])"));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || !body.classList.contains("shell")) return;
  if (form.matches("[data-layer-form]")) {
    event.preventDefault();
    signInOver(form);
  } else if (typedInto(form) && Date.now() - aliveAt > ALIVE_MS) {
    event.preventDefault();
    if (!asking) sendIfSignedIn(form, event.submitter);
  }
});

document.addEventListener("input", (event) => {
  if (event.target.form?.method === "post" && body.classList.contains("shell") && !asking && Date.now() - aliveAt > ALIVE_MS / 2) signedIn();
});

// signedIn is false only if the server says so.
async function signedIn() {
  asking = true;
  // Without a network the browser itself says so when the form goes.
  const answer = await fetch("/session", { headers: partOfPage }).catch(() => ({}));
  asking = false;
  if (answer.status === 401) return false;
  aliveAt = Date.now();
  return true;
}

async function sendIfSignedIn(form, submitter) {
  if (!await signedIn() && await openLayer(body.dataset.login).catch(() => false)) return;
  aliveAt = Date.now(); // it goes, whatever was answered
  form.requestSubmit(submitter);
}

async function openLayer(address) {
  const answer = await fetch(address, { headers: partOfPage });
  return answer.ok && showLayer(await answer.text());
}

function showLayer(html) {
  const layer = document.createRange().createContextualFragment(html).querySelector("dialog[data-layer]");
  if (!layer) return false;
  document.querySelector("dialog[data-layer]")?.remove();
  body.append(layer);
  layer.querySelector("[data-layer-close]").addEventListener("click", () => layer.close());
  layer.addEventListener("close", () => layer.remove());
  layer.showModal();
  focusFirst(layer);
  return true;
}

async function signInOver(form) {
  const layer = form.closest("dialog");
  const send = form.querySelector("[type=submit]");
  busy(send);
  try {
    const answer = await fetch(form.action, { method: "POST", headers: partOfPage, body: new URLSearchParams(new FormData(form)) });
    const next = answer.headers.get("HX-Redirect");
    if (answer.status !== 204) return void showLayer(await answer.text());
    if (next.startsWith("/login")) return void await openLayer(next);
    aliveAt = Date.now();
    announce(layer.dataset.signedIn);
    layer.remove();
  } catch {
    warn("stale");
  }
  ready(send);
}

// ---- forms ------------------------------------------------------------------

function busy(button) {
  button.disabled = true;
  button.classList.add("is-busy");
  setTimeout(() => ready(button), STUCK_AFTER_MS);
}

function ready(button) {
  button.disabled = false;
  button.classList.remove("is-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  // Cancelled: htmx sends it. method=dialog: nothing is sent.
  if (event.defaultPrevented || form.method === "dialog") return;
  unsaved.delete(form);
  if (form.dataset.noBusy !== undefined) return;
  // After this event, because a disabled button would not send its own name.
  setTimeout(() => {
    for (const button of form.elements) {
      if (button.matches("button[type=submit], button:not([type])") && !button.disabled) busy(button);
    }
  });
});

// A page that comes back from the browser's memory comes as it was left.
window.addEventListener("pageshow", () => document.querySelectorAll("button.is-busy").forEach(ready));

// Guarded forms with input that no answer has confirmed yet.
const unsaved = new Set(document.querySelectorAll('form[data-guard="dirty"]'));

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.guard !== undefined) unsaved.add(form);
});

document.addEventListener("form:kept", (event) => {
  unsaved.delete(event.target);
  aliveAt = Date.now();
});

// Requests under way fail when the page is left; that is nothing to tell.
let leaving = false;

window.addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
  leaving = true;
  setTimeout(() => { leaving = false; }, 1000); // for those who stay after all
});

// ---- htmx -------------------------------------------------------------------

// Only an answer made for this place is put into it: 2xx, 422 (the form with its
// errors) or a status that the element names itself.
document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  const { status, headers, raw } = ctx.response;
  const partial = ctx.request.headers["HX-Request-Type"] === "partial";
  if (status === 401) {
    refuse(event);
    // A look is no reason to lose what is typed: the next press asks who it is.
    if (!ctx.sourceElement.matches("[data-look]")) leave(headers.get("HX-Redirect") ?? body.dataset.login);
  } else if (partial && raw.redirected) {
    refuse(event);
    leave(raw.url);
  } else if (raw.ok || status === 422 || expects(ctx.sourceElement, String(status))) {
    arrived();
  } else {
    refuse(event);
    failed(ctx);
  }
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  // Without ctx it is no request.
  if (ctx && !leaving) failed(ctx, "offline");
});

document.addEventListener("htmx:after:settle", ({ detail }) => detail.newContent.forEach(focusFirst));

function expects(source, status) {
  return [status, `${status.slice(0, 2)}x`, `${status[0]}xx`]
    .some((pattern) => source.hasAttribute(`hx-status:${pattern}`));
}

function refuse(event) {
  event.preventDefault();
  event.detail.ctx.response.raw.body?.cancel();
}

function leave(url) {
  unsaved.clear();
  location.assign(url);
}

function failed(ctx, kind = "stale") {
  warn(ctx.request.method === "GET" || ctx.sourceElement.matches("[data-look]") ? kind : "unknown");
}

function arrived() {
  alerts.querySelector('[data-kind="stale"]')?.remove();
  const offline = alerts.querySelector('[data-kind="offline"]');
  if (offline) announce(body.dataset.textOnline);
  offline?.remove();
}
