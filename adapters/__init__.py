"""The technologies: one module or package each, which implements ports and never imports a sibling."""
