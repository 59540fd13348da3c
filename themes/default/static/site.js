// Hides what no longer matters on the day on which it is read; a page must not depend on when it was built.
const today = new Date().toISOString().slice(0, 10);
for (const element of document.querySelectorAll("[data-expires]")) {
  element.hidden = element.dataset.expires < today;
}
