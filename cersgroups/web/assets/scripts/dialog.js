// <button data-dialog="id"> opens the <dialog id="id">; [data-close] inside closes it. Escape and the return of the focus
// are the browser's own. A form in the dialog posts as any other. One dialog can serve many rows: data-dialog-action says
// where its form is sent, data-dialog-subject is shown in its [data-subject].

function show(opener) {
  const { dialog: id, dialogAction, dialogSubject } = opener.dataset;
  const dialog = document.getElementById(id);
  if (dialogAction) dialog.querySelector("form").setAttribute("action", dialogAction);
  if (dialogSubject) dialog.querySelector("[data-subject]").textContent = dialogSubject;
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const closer = event.target.closest("dialog [data-close]");
  if (opener) {
    event.preventDefault();
    show(opener);
  } else if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
});
