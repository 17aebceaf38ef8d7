"""Port `ObjectStores` on object storage and folders, and uploads into folders."""
