// DOMException (WebIDL), the error of functions that come from the web's standards.

(lib) => {
  "use strict";

  const { NativeError, NativeString, defineProperty, defineHidden, define, expose } = lib;

  const CODES = {
    __proto__: null, IndexSizeError: 1, DOMStringSizeError: 2, HierarchyRequestError: 3, WrongDocumentError: 4,
    InvalidCharacterError: 5, NoDataAllowedError: 6, NoModificationAllowedError: 7, NotFoundError: 8, NotSupportedError: 9,
    InUseAttributeError: 10, InvalidStateError: 11, SyntaxError: 12, InvalidModificationError: 13, NamespaceError: 14,
    InvalidAccessError: 15, ValidationError: 16, TypeMismatchError: 17, SecurityError: 18, NetworkError: 19, AbortError: 20,
    URLMismatchError: 21, QuotaExceededError: 22, TimeoutError: 23, InvalidNodeTypeError: 24, DataCloneError: 25,
  };
  const CONSTANTS = [
    "INDEX_SIZE_ERR", "DOMSTRING_SIZE_ERR", "HIERARCHY_REQUEST_ERR", "WRONG_DOCUMENT_ERR", "INVALID_CHARACTER_ERR",
    "NO_DATA_ALLOWED_ERR", "NO_MODIFICATION_ALLOWED_ERR", "NOT_FOUND_ERR", "NOT_SUPPORTED_ERR", "INUSE_ATTRIBUTE_ERR",
    "INVALID_STATE_ERR", "SYNTAX_ERR", "INVALID_MODIFICATION_ERR", "NAMESPACE_ERR", "INVALID_ACCESS_ERR", "VALIDATION_ERR",
    "TYPE_MISMATCH_ERR", "SECURITY_ERR", "NETWORK_ERR", "ABORT_ERR", "URL_MISMATCH_ERR", "QUOTA_EXCEEDED_ERR", "TIMEOUT_ERR",
    "INVALID_NODE_TYPE_ERR", "DATA_CLONE_ERR",
  ];

  class DOMException extends NativeError {
    #message;
    #name;

    constructor(message = "", options = "Error") {
      super();
      this.#message = NativeString(message);
      if (options !== null && typeof options === "object") {
        this.#name = NativeString(options.name);
        if ("cause" in options) defineHidden(this, "cause", options.cause);
      } else this.#name = NativeString(options);
    }

    get name() { return this.#name; }

    get message() { return this.#message; }

    get code() {
      const code = CODES[this.#name];
      return code === undefined ? 0 : code;
    }

    static isOne(value) { return #name in value; }
  }

  lib.isDOMException = DOMException.isOne;
  delete DOMException.isOne;
  lib.DOMException = DOMException;
  expose(DOMException, "DOMException");
  for (let i = 0; i < CONSTANTS.length; i++) {
    const constant = { __proto__: null, value: i + 1, enumerable: true };
    defineProperty(DOMException, CONSTANTS[i], constant);
    defineProperty(DOMException.prototype, CONSTANTS[i], constant);
  }
  define("DOMException", DOMException);
}
