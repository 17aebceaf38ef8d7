insert into api_keys (id, name, sha256, scopes, created_at, expires_at)
values (%(id)s, %(name)s, %(sha256)b, %(scopes)s::text[], %(created_at)s, %(expires_at)s)
