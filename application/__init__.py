"""The use cases: thin async functions that call ports and the domain's pure functions, dependencies first."""
