/* Buttons that open the browser's own dialog for printing:
     data-print   button; without this file it is not shown, and the browser's menu prints as well */

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
