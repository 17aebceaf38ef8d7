update scripts set archived_at = %(archived_at)s where id = %(id)s
