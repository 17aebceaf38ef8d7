update version_replays set held_by = null where finished_at is null and held_by = %(holder)s
