/* What the boxes of a form come to. Every page works without this file.

   data-tally               element inside a form: tells how many boxes of the form are ticked, and the
                            sum of their data-amount, which is tiyn */

function money(tiyn) {
  const digits = String(tiyn).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  return `${whole},${digits.slice(-2)}\u00a0₸`;
}

function tally(form) {
  const place = form?.querySelector("[data-tally]");
  if (!place) return;
  const ticked = [...form.elements].filter((box) => box.checked && box.dataset.amount);
  const sum = ticked.reduce((total, box) => total + BigInt(box.dataset.amount), 0n);
  place.textContent = ticked.length > 0 ? `: ${ticked.length} · ${money(sum)}` : "";
}

document.addEventListener("change", (event) => tally(event.target.form));
// Boxes that a script ticks: it sends this event to their form.
document.addEventListener("tally", (event) => tally(event.target));
// Boxes may come ticked: a page that is loaded again keeps what was picked.
window.addEventListener("pageshow", () => [...document.forms].forEach(tally));
