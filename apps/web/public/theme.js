// Sets the theme and language the visitor chose before, so that the first paint has them.
(function () {
  try {
    const theme = localStorage.getItem("stoa.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    const language = localStorage.getItem("stoa.language");
    if (language) document.documentElement.lang = language;
  } catch {
    // Storage is shut: the system's theme it is.
  }
})();
