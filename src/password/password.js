// Sets a password by the one-time link that the page was opened with.

const form = document.getElementById("form");
const told = document.getElementById("told");
const words = document.getElementById("words").dataset;
const password = document.getElementById("password");
const again = document.getElementById("again");

// Taken out of the address, so that it stays in no history and on no screen.
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

const SET = `mutation($input: RedeemPasswordLinkInput!) {
  redeemPasswordLink(input: $input) { email userErrors { message } }
}`;

function tell(text, isFault) {
  told.textContent = text;
  told.className = isFault ? "fault" : "";
}

async function set() {
  const response = await fetch("graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: SET, variables: { input: { token, password: password.value } } }),
  });
  const { data, errors } = await response.json();
  const payload = data?.redeemPasswordLink;
  if (payload?.email) {
    form.hidden = true;
    tell(words.done + payload.email, false);
    return;
  }
  const faults = payload?.userErrors ?? errors ?? [];
  tell(faults.map((fault) => fault.message).join(" ") || words.failed, true);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (password.value !== again.value) {
    tell(words.differ, true);
    return;
  }
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await set();
  } catch {
    tell(words.failed, true);
  } finally {
    button.disabled = false;
  }
});

if (token) {
  form.hidden = false;
  password.focus();
} else {
  tell(words.noLink, true);
}
