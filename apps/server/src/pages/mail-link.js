// The token stands after the #, which browsers send to nobody; it leaves the address bar and the history at once.
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

const form = document.querySelector("form");
const status = document.querySelector("[role=status]");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void send();
});

async function send() {
  const button = form.querySelector("button");
  button.disabled = true;
  status.textContent = "…";
  try {
    const response = await fetch(form.dataset.call, {
      method: form.dataset.method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token, ...Object.fromEntries(new FormData(form)) }),
    });
    if (response.ok) {
      form.hidden = true;
      status.textContent = status.dataset.done;
      return;
    }
    const { detail, remedy } = await response.json();
    status.textContent = `${detail}. ${remedy}`;
  } catch {
    status.textContent = "The market does not answer. Try again.";
  }
  button.disabled = false;
}
