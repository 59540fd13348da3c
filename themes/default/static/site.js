// What a page gains from a script; without one it lacks nothing that one reads.

// Hides what no longer matters on the day on which it is read: a page must not depend on when it was built.
const now = new Date();
const pad = (number) => String(number).padStart(2, "0");
const today = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;

/** What is done to a page before it is seen: to this one, and in a preview to what it becomes. */
const prepare = (page) => {
  for (const element of page.querySelectorAll("[data-expires]")) {
    element.hidden = element.dataset.expires < today;
  }
  // A button that copies a block of code. Only a page from a safe origin may write to the clipboard.
  if (!navigator.clipboard) return;
  for (const block of page.querySelectorAll("pre")) {
    const button = page.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = page.body.dataset.copy;
    const frame = page.createElement("div");
    frame.className = "code";
    block.replaceWith(frame);
    frame.append(block, button);
  }
};
prepare(document);
document.addEventListener("longhouse:before-update", ({ detail }) => prepare(detail.document));

addEventListener("click", async ({ target }) => {
  const button = target.closest?.("button.copy");
  if (!button) return;
  const { copy, copied } = document.body.dataset;
  await navigator.clipboard.writeText(button.previousElementSibling.textContent);
  button.textContent = copied;
  setTimeout(() => { button.textContent = copy; }, 2000);
});

// A menu that was opened closes again when somebody goes on elsewhere.
const close = (except) => {
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
};
addEventListener("click", (event) => close(event.target));
addEventListener("focusin", (event) => close(event.target));
addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement.closest("details.more[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

// A link to an answer or a question that is folded opens what it leads to.
const unfold = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = target && target.closest("details");
  if (folded) folded.open = true;
};
unfold();
addEventListener("hashchange", unfold);
