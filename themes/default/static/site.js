// Hides what no longer matters on the day on which it is read; a page must not depend on when it was built.
const now = new Date();
const pad = (number) => String(number).padStart(2, "0");
const today = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
for (const element of document.querySelectorAll("[data-expires]")) {
  element.hidden = element.dataset.expires < today;
}
