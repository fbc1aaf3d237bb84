/* Pickers: an input whose <datalist> becomes a list that is searched by code or by
   words. Without this file the browser offers the datalist itself.

     data-codes="id"           holds the input with this id and its datalist; data-group is a heading */

{
  const folded = (text) => text.toLowerCase().replace(/[әғқңөұүһіё]/gu, (c) => "агкноууhие"["әғқңөұүһіё".indexOf(c)]);

  for (const box of document.querySelectorAll("[data-codes]")) enhance(box);

  function enhance(box) {
    const field = document.getElementById(box.dataset.codes);
    const all = [...box.querySelectorAll("option")].map(({ value, label, dataset }) => ({ value, label: label === value ? "" : label, group: dataset.group }));
    const list = document.createElement("ul");
    let taken = false; // by the Enter that is still on its way to the form
    list.className = "pick-list";
    list.id = `${field.id}-options`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels[0].firstChild.textContent.trim());
    box.append(list);
    field.removeAttribute("list");
    const { expand, choose, move, active } = combobox(field, list);

    function open(everything) {
      const words = everything ? [] : folded(field.value).trim().split(/\s+/u).filter(Boolean);
      const found = all.filter(({ value, label }) => words.every((word) => /^\d/.test(word) ? value.startsWith(word) : folded(label).includes(word)));
      list.replaceChildren(...found.map(draw));
      list.hidden = found.length === 0;
      expand(!list.hidden);
      choose(null);
    }

    function draw({ value, label, group }, i) {
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`;
      option.className = "pick-option";
      option.dataset.value = value;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      for (const [name, text] of [["code", value], ["pick-name", label], ["pick-group", group]]) {
        if (!text) continue;
        const part = document.createElement("span");
        part.className = name;
        part.textContent = text;
        option.append(part, " ");
      }
      return option;
    }

    function close() {
      list.hidden = true;
      expand(false);
      choose(null);
    }

    function take(option) {
      field.value = option.dataset.value;
      close();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      close();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }

    field.addEventListener("input", () => { if (document.activeElement === field) open(false); });
    field.addEventListener("click", () => { if (list.hidden) open(true); });
    field.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", ({ target }) => { const option = target.closest("[role=option]"); if (option) take(option); });
    field.addEventListener("keypress", (event) => { if (taken) event.preventDefault(); });
    field.addEventListener("keydown", (event) => {
      const { key } = event;
      taken = key === "Enter" && active() !== null;
      if (key === "ArrowDown" || key === "ArrowUp") {
        if (list.hidden) open(all.some(({ value }) => value === field.value));
        move(key === "ArrowDown" ? 1 : -1);
      } else if (key === "Enter" && active()) {
        take(active());
      } else if (key === "Escape" && !list.hidden) {
        close();
        event.stopPropagation();
      } else {
        return;
      }
      event.preventDefault();
    });
  }
}
