select pg_notify('bateia_pending', '')
