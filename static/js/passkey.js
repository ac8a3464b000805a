// Passkeys: only a script can ask the browser for one. What it answers goes into a field of the form,
// and the form goes its usual way. Without this file the other ways are there.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

async function make(asked) {
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: known(asked.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return answer(made, { attestationObject: text(made.response.attestationObject) });
}

async function sign(asked) {
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    allowCredentials: known(asked.allowCredentials),
  };
  const signed = await navigator.credentials.get({ publicKey });
  return answer(signed, {
    authenticatorData: text(signed.response.authenticatorData),
    signature: text(signed.response.signature),
  });
}

function answer(credential, response) {
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
    clientExtensionResults: {},
  });
}

for (const part of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  part.hidden = false;
  const [button, failed] = part.children;
  const ask = part.dataset.passkey === "make" ? make : sign;
  button.addEventListener("click", async () => {
    const form = button.form ?? part.closest("form");
    failed.hidden = true;
    button.disabled = true;
    try {
      form.elements[part.dataset.field].value = await ask(JSON.parse(part.dataset.options));
      form.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  });
}
