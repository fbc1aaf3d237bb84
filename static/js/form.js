/* The form of a distribution while it is filled in. Every page works without
   this file.

     form[data-keep]          is kept at this address as it is typed; data-resume is where it is filled again.
                              data-text-kept (with {time}), -offline, -signed-out, -refused, -failed: what is said
     data-keep-state          says what the server has; with the value "failed" only when it has not
     data-counts="id"         counts the text of the control with this id: data-max, and data-text, data-rest or
                              data-over with {n}; beyond data-last data-far
     data-said-of="id"        what is said of the control with this id: data-state, data-described-by
     data-cell="name …"       cell of the payment order that the controls with these names fill

   A form all of whose input is kept says so with the event "form:kept". */

const KEEP_AFTER_MS = 1_500; // of silence
const RETRY_AFTER_MS = 10_000;

function keeping(form) {
  let timer;
  let changes = 0;
  let underway = false;
  let over = false; // the form is on its way, or is not taken any more
  let failing = false;

  const later = (wait) => {
    clearTimeout(timer);
    if (!over) timer = setTimeout(keep, wait);
  };

  async function keep() {
    if (underway) return later(KEEP_AFTER_MS);
    underway = true;
    const sent = changes;
    const answer = await fetch(form.dataset.keep, {
      method: "POST",
      headers: { "HX-Request": "true", "HX-Request-Type": "partial" },
      body: new URLSearchParams(new FormData(form)),
    }).catch(() => undefined);
    underway = false;
    if (over) return;
    failing = answer?.status !== 204;
    if (failing) return refused(answer?.status);
    kept(answer.headers.get("Draft-Kept-At"));
    if (sent === changes) form.dispatchEvent(new CustomEvent("form:kept", { bubbles: true }));
  }

  // A time comes only with an answer that something was kept: an empty form is not.
  function kept(time) {
    say(time ? form.dataset.textKept.replace("{time}", time) : "");
    if (time) history.replaceState(history.state, "", form.dataset.resume);
  }

  function refused(status) {
    const { textOffline, textSignedOut, textRefused, textFailed } = form.dataset;
    over = status >= 400 && status < 500 && status !== 401;
    say(over ? textRefused : { undefined: textOffline, 401: textSignedOut }[status] ?? textFailed);
    later(RETRY_AFTER_MS);
  }

  function say(text) {
    for (const place of document.querySelectorAll("[data-keep-state]")) {
      place.hidden = text === "" || place.dataset.keepState === "failed" && !failing;
      place.classList.toggle("is-good", !failing);
      place.classList.toggle("is-failed", failing);
      const use = place.querySelector("use");
      use.setAttribute("href", use.getAttribute("href").replace(/#.*/, failing ? "#warn" : "#check"));
      place.querySelector("span").textContent = text;
    }
  }

  form.addEventListener("input", () => { changes += 1; later(KEEP_AFTER_MS); });
  form.addEventListener("change", () => later(0));
  window.addEventListener("online", () => failing && later(0));
  window.addEventListener("pageshow", () => { over = false; });
  document.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    clearTimeout(timer);
    over = true;
  });
  if (form.dataset.guard === "dirty") later(0);
}

document.querySelectorAll("form[data-keep]").forEach(keeping);

// ---- counters ----------------------------------------------------------------

function counted({ max, text, rest, over, last, far }, value) {
  let n = rest ? Number(max) - [...value].length : [...value.replace(/\s/gu, "")].length;
  let say = rest || text;
  if (last && Number(max) - n > Number(last)) [n, say] = [Number(max) - n - Number(last), far];
  else if (n < 0) [n, say] = [-n, over];
  return say.replace("{n}", n);
}

document.addEventListener("input", ({ target }) => {
  const counter = target.id && document.querySelector(`[data-counts="${CSS.escape(target.id)}"]`);
  if (counter) counter.textContent = counted(counter.dataset, target.value);
});

// ---- what is said ------------------------------------------------------------

function obey() {
  for (const { dataset } of document.querySelectorAll("[data-said-of]")) {
    const control = document.getElementById(dataset.saidOf);
    const wrong = dataset.state === "is-error";
    control.closest(".field").classList.toggle("is-error", wrong);
    control.closest(".field").classList.toggle("is-warn", dataset.state === "is-warn");
    if (wrong) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    if (dataset.describedBy) control.setAttribute("aria-describedby", dataset.describedBy);
    else control.removeAttribute("aria-describedby");
  }
  markCell();
}

function markCell() {
  const { activeElement } = document;
  const name = activeElement.form?.matches("[data-keep]") ? activeElement.name : undefined;
  for (const cell of document.querySelectorAll("[data-cell]")) {
    cell.classList.toggle("is-live", cell.dataset.cell.split(" ").includes(name));
  }
}

document.addEventListener("htmx:after:swap", obey);
document.addEventListener("focusin", markCell);
