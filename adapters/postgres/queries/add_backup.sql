-- The record of a verified backup. Of earlier ones, the latest 99 stay.
with forgotten as (
    delete from backups where id in (select id from backups order by verified_at desc, id offset 99)
)
insert into backups (taken_at, size_bytes) values (%(taken_at)s, %(size_bytes)s)
