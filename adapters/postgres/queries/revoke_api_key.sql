update api_keys set revoked_at = %(revoked_at)s where id = %(id)s and revoked_at is null
