insert into scripts (id, name, description, created_at)
values (%(id)s, %(name)s, %(description)s, %(created_at)s)
on conflict (name) do nothing
returning id
