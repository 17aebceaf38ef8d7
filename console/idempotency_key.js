// @ts-check
// Idempotency keys: a submission that is sent again under its key makes no second execution.

/** 128 random bits. `randomUUID` exists only in secure contexts: HTTPS and localhost. */
export const newIdempotencyKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
