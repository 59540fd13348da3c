// What a page gains from a script; without one it lacks nothing that one reads.

// Hides what no longer matters on the day on which it is read: a page must not depend on when it was built.
const now = new Date();
const pad = (number) => String(number).padStart(2, "0");
const today = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
for (const element of document.querySelectorAll("[data-expires]")) {
  element.hidden = element.dataset.expires < today;
}

// A button that copies a block of code. Only a page from a safe origin may write to the clipboard.
if (navigator.clipboard) {
  const { copy, copied } = document.body.dataset;
  for (const block of document.querySelectorAll("pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = copied;
      setTimeout(() => { button.textContent = copy; }, 2000);
    });
    const frame = document.createElement("div");
    frame.className = "code";
    block.replaceWith(frame);
    frame.append(block, button);
  }
}

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
