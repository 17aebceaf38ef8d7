// @ts-check
// The texts of API keys in English.

export const keys = /** @type {const} */ ({
  keys: "API keys",
  "keys.nav": "Keys",
  "keys.about":
    "An API key authenticates a client and has scopes. Services accept a new key, and refuse a revoked one, within 5 seconds.",
  "keys.none": "There are no API keys, so everyone who reaches this service may do everything.",
  "keys.name": "Name",
  "keys.access": "Access",
  "keys.role": "Role",
  "keys.state": "State",
  "keys.created-at": "Created",
  "keys.last-use": "Last used",
  "keys.unused": "never",
  "keys.expiry": "Expires",
  "keys.never": "never",
  "keys.actions": "Actions",
  "keys.own": "(this tab)",
  "keys.valid": "valid",
  "keys.expired": "expired",
  "keys.revoked": "revoked",
  "keys.new": "New API key",
  "keys.days": "Days until it expires",
  "keys.create": "Create key",
  "keys.first":
    "This is the first key. Once it exists, every request needs a key, so it has the role that can create others.",
  "keys.once": "Copy the key now. It is not stored and will not be shown again.",
  "keys.first-created":
    "From now on, within 5 seconds, every request to this service needs a key, and so does this tab.",
  "keys.sign-in": "Sign in with this key",
  "keys.stored": "I have stored it",
  "keys.created": "Created the key {name}",
  "keys.revoke": "Revoke…",
  "keys.revoke-named": "Revoke the key {name}",
  "keys.sure": "Revoke the key {name}? Its clients are refused within 5 seconds, for good.",
  "keys.sure-own": "Revoke the key {name}, with which this tab is signed in? This tab is refused within 5 seconds.",
  "keys.revoke.yes": "Revoke it",
  "keys.was-revoked": "Revoked the key {name}",

  "role.reader": "reader: reads everything",
  "role.runner": "runner: reads, and runs scripts",
  "role.author": "author: reads, runs and writes scripts",
  "role.admin": "admin: everything, keys and the audit trail too",
});
