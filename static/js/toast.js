/* Outcomes that float for a while and go away: they are written somewhere else,
   too. Without this file they stay where they are drawn, at the top of the page.

     data-passing             goes away by itself, unless it is pointed at or has the focus
     data-dismiss             button inside it: it goes at once */

{
  const SHOWN_MS = 8000;

  function pass(toast) {
    const held = toast.matches(":hover, :focus-within");
    setTimeout(() => (held || toast.matches(":hover, :focus-within") ? pass(toast) : toast.remove()), SHOWN_MS);
  }

  document.querySelectorAll("main > [data-passing]").forEach((toast) => {
    // What is there when a page opens is not read out; what changes is.
    const text = toast.querySelector(".notice-body").textContent;
    document.querySelector("p.sr[role=status]:empty")?.replaceChildren(text);
    pass(toast);
  });

  document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest("[data-passing]")?.remove());
}
