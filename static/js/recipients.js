/* The search for a saved recipient in the form of a distribution: a combobox whose
   list comes from the server, and whose choice fills the form. Without this file
   it is a form that leads to the book.

     data-pick-recipient      the field with its panel
     [role=option]            link inside it, with data-put-ID: what goes into the control with that id
     data-tell, data-told     what is said of new options, and the live region it goes to */

for (const box of document.querySelectorAll("[data-pick-recipient]")) {
  const field = box.querySelector("input");
  const panel = box.querySelector(".pick-panel");
  const list = panel.firstElementChild;
  const told = box.querySelector("[data-told]");
  const { options, expand, choose, move, active } = combobox(field, list);
  show(false);

  function show(on) {
    panel.hidden = !on || list.childElementCount === 0;
    expand(!panel.hidden && options().length > 0);
    if (panel.hidden) choose(null);
  }

  // A purpose that is typed already is the person's own.
  function fill(option) {
    const put = [...option.attributes].filter(({ name }) => name.startsWith("data-put-"));
    for (const { name, value } of put) {
      const control = document.querySelector(`[id="${name.slice("data-put-".length)}" i]`); // names of attributes are small letters
      if (!control || (control.id === "paymentPurpose" && control.value.trim() !== "")) continue;
      control.value = value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.value = "";
    list.replaceChildren();
    show(false);
    document.getElementById("recipient-iban")?.dispatchEvent(new Event("change", { bubbles: true }));
    document.getElementById("amount")?.focus();
  }

  function press(event) {
    const open = !panel.hidden && options().length > 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) show(true);
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && open) {
      fill(active() ?? options()[0]);
    } else if (event.key === "Enter" && field.value.trim() !== "") {
      // nothing to choose yet: the form would be left
    } else if (event.key === "Escape" && !panel.hidden) {
      show(false);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  new MutationObserver(() => {
    choose(null);
    show(box.contains(document.activeElement));
    told.textContent = list.querySelector("[data-tell]")?.textContent ?? "";
  }).observe(list, { childList: true });

  field.addEventListener("keydown", press);
  field.addEventListener("focus", () => show(true));
  field.addEventListener("input", () => { if (field.value.trim() === "") list.replaceChildren(); });
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) show(false); });
  panel.addEventListener("mousedown", (event) => event.preventDefault());
  panel.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    fill(option);
  });
}
