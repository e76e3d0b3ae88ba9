// Passkeys: a form with data-passkey asks the browser to make one ("create") or
// to sign with one ("get") before it is sent; data-options says where the server
// tells what is to be signed. The answer goes along as a field of the form.
"use strict";
pasokh.each("form[data-passkey]", (form) => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  form.hidden = false;
  form.parentElement.querySelector("[data-passkey-missing]")?.remove();
  const answer = form.elements.answer, failed = form.querySelector("[data-passkey-failed]");
  const button = form.querySelector("button");

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  /** What the server said, as the browser wants it. */
  const opened = (options) => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.excludeCredentials, options.allowCredentials]) list?.forEach((one) => { one.id = bytes(one.id); });
    return options;
  };

  /** What the browser answered, as the server reads it. */
  const written = (made) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    if (made.response.getTransports) response.transports = made.response.getTransports();
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, response,
      authenticatorAttachment: made.authenticatorAttachment ?? undefined, clientExtensionResults: made.getClientExtensionResults(),
    });
  };

  form.addEventListener("submit", async (event) => {
    if (answer.value || form.elements.name?.value.trim() === "") return; // the server says what is wrong
    event.preventDefault();
    failed.hidden = true;
    button.disabled = true;
    try {
      const reply = await fetch(form.dataset.options, { method: "POST", headers: { "X-CSRF-Token": form.elements._csrf.value } });
      if (!reply.ok || !reply.headers.get("Content-Type")?.includes("json")) throw new Error("no options");
      const publicKey = opened((await reply.json()).publicKey);
      answer.value = written(await navigator.credentials[form.dataset.passkey]({ publicKey }));
      form.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  });
});
