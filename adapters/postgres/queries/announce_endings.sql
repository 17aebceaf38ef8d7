select pg_notify('bateia_ended', %(ids)s)
