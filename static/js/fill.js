/* Filling in the form of a distribution: pasted bank details, templates, offered
   values, groups of four. Without this file the same buttons send the form, and
   the server draws it filled.

     [data-fill]              address that spreads a pasted block over the form
     button[name=act]         puts data-value into the control data-put, or asks that address
     data-fours="id"          shows the account number of the control with this id in fours */

{
  const { fill } = document.querySelector("[data-fill]")?.dataset ?? {};
  const form = document.querySelector("form[data-keep]");
  const plain = new Set(["recipient.iban", "recipient.bin", "recipient.bic", "recipient.kbe", "recipient.knp"]);
  const codes = /[\s\u00a0\u200b\u2060\ufeff\u00ad\u2010-\u2014\u2212-]+/gu;

  // A text that may be a block of bank details: lines or cells, or an account
  // number with something beside it. The server knows.
  const mayBeBlock = (text) => text.length > 30 && (/[\n\t]/.test(text.trim()) || /KZ[\d\s]{2,}/i.test(text) && /(?:^|\D)\d{12}(?:\D|$)/.test(text));

  function put(control, value, quietly) {
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    if (!quietly) control.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function insert(control, text) {
    control.focus();
    control.setRangeText(text, control.selectionStart, control.selectionEnd, "end");
    put(control, control.value);
  }

  async function ask(act, paste) {
    const body = new URLSearchParams(new FormData(form));
    body.set("act", act);
    if (paste !== undefined) body.set("paste", paste);
    const answer = await fetch(fill, { method: "POST", headers: { "HX-Request": "true", "HX-Request-Type": "partial" }, body }).catch(() => undefined);
    if (!answer?.ok) return undefined;
    return document.createRange().createContextualFragment(await answer.text()).firstElementChild;
  }

  // What came is put in, one look is asked for all of it, and the person is told.
  function take(answer, place) {
    const values = [...answer.querySelectorAll("data[data-for]")];
    values.forEach((data, i) => put(document.getElementById(data.dataset.for), data.value, i + 1 < values.length));
    values.forEach((data) => data.remove());
    place.replaceChildren(...answer.childNodes);
    return values.map((data) => document.getElementById(data.dataset.for));
  }

  async function spread(control, text) {
    const answer = await ask("paste", text);
    const read = answer?.querySelectorAll("data[data-for], button[data-put]").length ?? 0;
    if (read < 2) return insert(control, text);
    const [first] = take(answer, document.getElementById("form-filled"));
    first?.focus();
  }

  if (form && fill) {
    form.addEventListener("paste", (event) => {
      const control = event.target;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (control.id === "paste" || !control.name) return;
      if (mayBeBlock(text)) {
        event.preventDefault();
        spread(control, text);
      } else if (plain.has(control.name) && text.replace(codes, "") !== text) {
        event.preventDefault();
        insert(control, text.replace(/^\s*(?:IBAN|ИИК|БИН|ИИН|БИК|КБе|КНП)\s*[:№]?\s*/iu, "").replace(codes, "").toUpperCase());
      }
    });

    // Before the field is looked at: its value is plain, whatever was typed between.
    form.addEventListener("change", ({ target }) => {
      if (plain.has(target.name)) target.value = target.value.replace(codes, "").toUpperCase();
    }, true);

    form.addEventListener("click", async (event) => {
      const button = event.target.closest("button[name=act]");
      if (!button) return;
      event.preventDefault();
      if (button.dataset.put) {
        const control = document.getElementById(button.dataset.put);
        button.closest("[role=status]")?.replaceChildren();
        put(control, button.dataset.value);
        control.focus();
        return;
      }
      const place = document.getElementById(button.value === "paste" ? "form-filled" : "purpose-filled");
      const answer = await ask(button.value);
      if (!answer) return form.requestSubmit(button);
      const [first] = take(answer, place);
      first?.focus();
    });

    document.addEventListener("input", ({ target }) => {
      const echo = target.id && document.querySelector(`[data-fours="${CSS.escape(target.id)}"]`);
      if (echo) echo.textContent = target.value.replace(codes, "").toUpperCase().replace(/(.{4})(?=.)/gu, "$1 ");
    });
  }
}
