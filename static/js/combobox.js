/* What every combobox does (WAI-ARIA Authoring Practices): the focus stays in the
   field, which is told what of the list is chosen. search.js, pick.js and
   recipients.js say when a list opens and what a choice leads to. */

function combobox(field, list, controls = list.id) {
  const options = () => [...list.querySelectorAll("[role=option]")];
  const expand = (on) => field.setAttribute("aria-expanded", String(on));
  let active = null;

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", controls);
  expand(false);

  function choose(option) {
    active?.setAttribute("aria-selected", "false");
    active = option;
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) field.setAttribute("aria-activedescendant", active.id);
    else field.removeAttribute("aria-activedescendant");
  }

  // From the field before the first to the field after the last.
  function move(step) {
    const stops = [null, ...options()];
    choose(stops.at((stops.indexOf(active) + step) % stops.length));
  }

  return { options, expand, choose, move, active: () => active };
}
