// Leads on with the fragment that somebody's link had, which the address of a redirect cannot know; the script of the
// page there finds its place. Without a script a redirect leads to the top of that page.
(() => {
  const to = document.currentScript?.dataset.to;
  if (!to || location.hash.length < 2) return;
  const url = new URL(to, location.href);
  url.hash = location.hash;
  location.replace(url);
})();
