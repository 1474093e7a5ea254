"use strict";
// Filters the routes by what is typed, and marks the one that is being read. The page is whole without it.
(() => {
  const filter = document.getElementById("filter");
  const articles = [...document.querySelectorAll("article.operation")];
  const links = new Map(
    [...document.querySelectorAll("nav li a")].map((link) => [link.hash.slice(1), link]));
  const texts = new Map(
    articles.map((article) => [article, article.querySelector(".words").textContent.toLowerCase()]));
  filter.hidden = false;
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const article of articles) {
      const found = words.every((word) => texts.get(article).includes(word));
      article.hidden = !found;
      links.get(article.id).parentElement.hidden = !found;
    }
    for (const section of document.querySelectorAll("section")) {
      const own = [...section.querySelectorAll("article.operation")];
      if (own.length > 0) section.hidden = own.every((article) => article.hidden);
    }
  });
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const link = links.get(entry.target.id);
      if (entry.isIntersecting) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "-15% 0px -75% 0px" });
  for (const article of articles) observer.observe(article);
})();
