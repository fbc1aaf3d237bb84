/* Suggestions under the search box: a combobox whose list comes from the server.
   Without this file the box is a form that leads to the list.

     data-suggests="id"       field: htmx puts its suggestions into the element with this id
     [role=option]            link inside it: what the arrows move over
     data-tell, data-told     what is said of new suggestions, and the live region it goes to */

{
  const field = document.querySelector("[data-suggests]");
  if (field) enhance(field, document.getElementById(field.dataset.suggests));

  function enhance(field, list) {
    const { form } = field;
    const panel = list.parentElement;
    const told = form.querySelector("[data-told]");
    const { options, expand, choose, move, active } = combobox(field, list, "search-list");
    show(false);

    function show(on) {
      panel.hidden = !on;
      expand(on && options().length > 0);
      if (!on) choose(null);
    }

    function press(event) {
      const open = !panel.hidden && options().length > 0;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!open) show(true);
        move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && open && active()) {
        active().click();
      } else if (event.key === "Escape" && !panel.hidden && list.childElementCount > 0) {
        show(false);
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation(); // Escape closes menus, too
    }

    // A field of one line would glue pasted lines together.
    function pasted(event) {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!/[\r\n]/.test(text.trim())) return;
      event.preventDefault();
      field.setRangeText(text.trim().replace(/\s*[\r\n]+\s*/g, ", "), field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    new MutationObserver(() => {
      choose(null);
      show(form.contains(document.activeElement));
      told.textContent = list.querySelector("[data-tell]")?.textContent ?? "";
    }).observe(list, { childList: true });

    field.addEventListener("keydown", press);
    field.addEventListener("paste", pasted);
    field.addEventListener("focus", () => show(true));
    field.addEventListener("input", () => {
      if (field.value.trim() === "") list.replaceChildren();
      show(true);
    });
    form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) show(false); });
    // A click on a suggestion must not take the focus away first.
    panel.addEventListener("mousedown", (event) => event.preventDefault());
  }
}
