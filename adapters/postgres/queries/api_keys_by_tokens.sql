select * from api_keys where sha256 = any(%(tokens)b::bytea[])
