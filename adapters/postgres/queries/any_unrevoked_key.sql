select exists (select from api_keys where revoked_at is null) as any_unrevoked
